// Package app is the only place where the areas are wired to each other: it
// reads the configuration, opens what there is to open, runs it, and shuts it
// down in the order in which nothing is lost. See TestShutdownDrains.
package app
