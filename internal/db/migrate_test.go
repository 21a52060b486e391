package db_test

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
)

var trees = []db.Tree{db.Main, db.Register, db.Derived, db.Evidence}

// The two migration trees have files of equal names, one after the other.
func TestMigrationFilesAreTheSame(t *testing.T) {
	for _, tree := range trees {
		names := map[db.Engine][]string{}
		for _, e := range []db.Engine{db.SQLite, db.Postgres} {
			files, err := fs.ReadDir(db.Migrations, path.Join("migrations", string(e), string(tree)))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				names[e] = append(names[e], f.Name())
				b, err := fs.ReadFile(db.Migrations, path.Join("migrations", string(e), string(tree), f.Name()))
				if err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(string(b), "-- +goose Up") || strings.Contains(string(b), "-- +goose Down") {
					t.Errorf("%s/%s/%s: want an Up part and no Down part", e, tree, f.Name())
				}
			}
		}
		if d := cmp.Diff(names[db.SQLite], names[db.Postgres]); d != "" {
			t.Errorf("%s (-sqlite +postgres):\n%s", tree, d)
		}
		for i, n := range names[db.SQLite] {
			if want := fmt.Sprintf("%05d_", i+1); !strings.HasPrefix(n, want) || !regexp.MustCompile(`^\d{5}_[a-z_]+\.sql$`).MatchString(n) {
				t.Errorf("%s/%s: want a name like %sarea.sql", tree, n, want)
			}
		}
	}
}

// schema is what must be equal on both engines.
type schema struct {
	Columns map[string][]string // table → "name type null|not null", in order
	Keys    map[string]string   // table → primary key columns
	Indexes map[string]string   // index → "table (columns) [unique] [where]"
}

func TestMigrationsMakeTheSameTables(t *testing.T) {
	pg, lite := dbtest.Postgres(t).Bare(), dbtest.SQLite(t).Bare()
	for _, tree := range trees {
		pg.Open(tree)
		lite.Open(tree)
	}
	got, want := schema{map[string][]string{}, map[string]string{}, map[string]string{}}, postgresSchema(t, pg)
	for _, tree := range trees {
		sqliteSchema(t, lite, tree, &got)
	}
	if len(got.Columns) == 0 {
		t.Fatal("no tables")
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("the trees differ (-sqlite +postgres):\n%s", d)
	}
}

var where = regexp.MustCompile(`(?is)\swhere\s(.*)$`)

// predicate normalises what follows WHERE in an index.
func predicate(index string) string {
	m := where.FindStringSubmatch(index)
	if m == nil {
		return ""
	}
	p := strings.ToLower(m[1])
	p = strings.ReplaceAll(p, "::text", "")
	p = strings.Map(func(r rune) rune {
		if strings.ContainsRune("() \t\n", r) {
			return -1
		}
		return r
	}, p)
	return " where " + strings.ReplaceAll(p, "!=", "<>")
}

func strs(t *testing.T, q db.Querier, query string, args ...any) (out []string) {
	t.Helper()
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func sqliteSchema(t *testing.T, env *dbtest.Env, tree db.Tree, s *schema) {
	t.Helper()
	d := env.Open(tree)
	for _, table := range strs(t, d, `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name not like 'migrations_%'`) {
		s.Columns[table] = strs(t, d, `select name || ' ' || type || case when "notnull" = 1 or pk > 0 then ' not null' else ' null' end from pragma_table_info($1) order by cid`, table)
		s.Keys[table] = strings.Join(strs(t, d, `select name from pragma_table_info($1) where pk > 0 order by pk`, table), ", ")
		for _, def := range strs(t, d, `select strict from pragma_table_list where name = $1`, table) {
			if def != "1" {
				t.Errorf("SQLite table %s is not STRICT", table)
			}
		}
		for _, index := range strs(t, d, `select name from pragma_index_list($1) where origin = 'c'`, table) {
			columns := strs(t, d, `select case when "desc" = 1 then name || ' desc' else name end from pragma_index_xinfo($1) where key = 1 order by seqno`, index)
			unique := strs(t, d, `select case "unique" when 1 then ' unique' else '' end from pragma_index_list($1) where name = $2`, table, index)
			text := strs(t, d, `select sql from sqlite_schema where type = 'index' and name = $1`, index)
			s.Indexes[index] = table + " (" + strings.Join(columns, ", ") + ")" + unique[0] + predicate(text[0])
		}
		// Constraints of UNIQUE make indexes whose names differ by engine.
		for _, index := range strs(t, d, `select name from pragma_index_list($1) where origin = 'u'`, table) {
			s.Indexes["unique "+table+" ("+strings.Join(strs(t, d, `select name from pragma_index_info($1) order by seqno`, index), ", ")+")"] = "constraint"
		}
	}
}

func postgresSchema(t *testing.T, env *dbtest.Env) schema {
	t.Helper()
	s := schema{map[string][]string{}, map[string]string{}, map[string]string{}}
	d := env.Open(db.Main)
	normal := strings.NewReplacer(" bigint ", " INTEGER ", " bytea ", " BLOB ", " text ", " TEXT ")
	for _, table := range strs(t, d, `select tablename::text from pg_tables where schemaname = 'public' and tablename not like 'migrations_%'`) {
		for _, c := range strs(t, d, `select column_name || ' ' || data_type || case is_nullable when 'YES' then ' null' else ' not null' end
			from information_schema.columns where table_schema = 'public' and table_name = $1 order by ordinal_position`, table) {
			s.Columns[table] = append(s.Columns[table], normal.Replace(c))
		}
		s.Keys[table] = strings.Join(strs(t, d, `select a.attname::text from pg_index i cross join unnest(i.indkey::int[]) with ordinality k(n, pos)
			join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n
			where i.indrelid = to_regclass($1) and i.indisprimary order by k.pos`, table), ", ")
		for _, index := range strs(t, d, `select i.indexrelid::regclass::text from pg_index i where i.indrelid = to_regclass($1) and not i.indisprimary`, table) {
			columns := strs(t, d, `select a.attname::text || case when i.indoption[k.pos - 1] & 1 = 1 then ' desc' else '' end
				from pg_index i cross join unnest(i.indkey::int[]) with ordinality k(n, pos)
				join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n
				where i.indexrelid = to_regclass($1) order by k.pos`, index)
			if len(strs(t, d, `select conname::text from pg_constraint where conindid = to_regclass($1)`, index)) > 0 {
				s.Indexes["unique "+table+" ("+strings.Join(columns, ", ")+")"] = "constraint"
				continue
			}
			def := strs(t, d, `select pg_get_indexdef(to_regclass($1))`, index)[0]
			unique := ""
			if strings.HasPrefix(def, "CREATE UNIQUE") {
				unique = " unique"
			}
			s.Indexes[index] = table + " (" + strings.Join(columns, ", ") + ")" + unique + predicate(def)
		}
	}
	return s
}

// Nodes that start at once on an empty database wait for each other.
func TestNodesMayStartTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		env.Bare()
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				d, err := db.Open(ctx, db.Config{DSN: env.DSN(db.Main), Tree: db.Main})
				if err != nil {
					t.Error(err)
					return
				}
				t.Cleanup(func() { _ = d.Close() })
			})
		}
		wg.Wait()
		d := env.Open(db.Main)
		if n := strs(t, d, `select version_id || '' from migrations_main where version_id > 0`); len(n) == 0 || len(slices.Compact(slices.Sorted(slices.Values(n)))) != len(n) {
			t.Errorf("migrations applied: %v", n)
		}
	})
}
