package identity

import "context"

// CreateFirstAdministrator makes a register administrator while there is no
// active one; afterwards it takes two people. It is for the command line.
func (s *Store) CreateFirstAdministrator(ctx context.Context, by Actor, a NewAccount) (Issued, error) {
	return Issued{}, errUnbuilt
}

// New returns the office of accounts over the main database and its log.
func New(ctx context.Context, cfg Config) (*Store, error) { return nil, errUnbuilt }


type flood struct{}
