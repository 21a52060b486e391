package app

import (
	"context"
	"net"

	"dancu/internal/console"
	"dancu/internal/fault"
	"dancu/internal/web"
)

// ServeGallery serves every page of the console with made-up data on a listen
// address until ctx ends; there is no system behind it. said is told the
// address once it serves.
func ServeGallery(ctx context.Context, address string, said func(url string)) error {
	h, err := console.Gallery(nil)
	if err != nil {
		return err
	}
	var config net.ListenConfig
	ln, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "couldn't listen: name a free address with --listen")
	}
	said("http://" + reachable(ln.Addr().String()))
	return web.Serve(ctx, ln, nil, h, web.Limits{})
}

// WriteGallery writes the pages into a folder instead, and returns how many
// there are.
func WriteGallery(dir string) (int, error) { return console.WriteGallery(dir, nil) }
