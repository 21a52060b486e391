package console

import "dancu/internal/console/site"

// Routes is the site map, for tests from outside.
func Routes() []site.Route { return assemble(Config{Source: fixed(Sample())}).routes() }

// CheckSample checks a page of the signed-in console, for tests from outside.
var CheckSample = checkSample
