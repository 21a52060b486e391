package db

import "testing"

func TestPositional(t *testing.T) {
	for query, want := range map[string]string{
		"SELECT 1":                         "SELECT 1",
		"SELECT $1":                        "SELECT ?",
		"VALUES ($1, $2), ($3, $4)":        "VALUES (?, ?), (?, ?)",
		"SELECT $1, $1":                    "SELECT $1, $1",
		"SELECT $2, $1":                    "SELECT $2, $1",
		"SELECT '$1', $1":                  "SELECT '$1', ?",
		`SELECT "a$2" FROM t WHERE b = $1`: `SELECT "a$2" FROM t WHERE b = ?`,
		"SELECT $1 -- $2":                  "SELECT $1 -- $2",
		"SELECT $1 /* $2 */":               "SELECT $1 /* $2 */",
		"SELECT 5 - $1":                    "SELECT 5 - ?",
		"SELECT 'it''s $1', $1":            "SELECT 'it''s $1', ?",
		"SELECT $1 FROM t WHERE c = 'open": "SELECT $1 FROM t WHERE c = 'open",
		"$1$2$3$4$5$6$7$8$9$10$11":         "???????????",
		"SELECT $":                         "SELECT $",
	} {
		if got := positional(query); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}
