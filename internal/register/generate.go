package register

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// MaxPeople is how many people can be generated: about as many as the country
// has, within what twelve digits can tell apart.
const MaxPeople = 100_000_000

// ReferenceDate is the day as of which synthetic people are generated when
// nothing else is said: a constant, so that one seed gives one population
// forever.
const ReferenceDate = "2026-01-01"

// GenerateOptions says what to generate.
type GenerateOptions struct {
	People int
	Seed   uint64
	Format Format // "" is JSONLines
	// AsOf is the day as of which ages are counted, YYYY-MM-DD; "" is
	// ReferenceDate.
	AsOf string
	// Progress is called with the number of people done, now and then.
	Progress func(done int)
}

// Validate checks the options. Its errors are of kind Invalid.
func (o GenerateOptions) Validate() error {
	if o.People < 1 || o.People > MaxPeople {
		return fault.New(fault.Invalid, "the number of people must be 1 to %d", MaxPeople)
	}
	if o.Format != "" && o.Format != JSONLines && o.Format != CSV {
		return fault.New(fault.Invalid, "the format must be jsonl or csv")
	}
	if o.AsOf != "" && (!isDay(o.AsOf) || o.AsOf < "2020-01-01" || o.AsOf > "2099-12-31") {
		return fault.New(fault.Invalid, "the day must be a real date from 2020-01-01 to 2099-12-31")
	}
	return nil
}

// blockPeople is how many people are generated from one state of the random
// numbers. Blocks know nothing of each other, so they can be made side by side
// and the result is the same on any number of cores.
const blockPeople = 10_000

// Generate writes a synthetic population, as a file that Import reads. The
// same options write the same bytes. Every record says in the field other that
// it is synthetic, its codes of units, groups and the like carry an X, its
// numbers are nobody's telephone and its addresses end in .example.
//
// Every parent, child, spouse and household member that a record names is a
// record of the same population.
func Generate(w io.Writer, o GenerateOptions) error {
	if err := o.Validate(); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<20)
	if o.Format == CSV {
		writeHeader(out)
	}
	done := 0
	render := func(records []Record) []byte {
		buf := make([]byte, 0, len(records)*1800)
		for i := range records {
			if o.Format == CSV {
				buf = records[i].appendCSV(buf)
			} else {
				buf = records[i].AppendJSON(buf)
			}
			buf = append(buf, '\n')
		}
		return buf
	}
	for b := range inBlocks(o, func(records []Record) rendered { return rendered{len(records), render(records)} }) {
		if _, err := out.Write(b.text); err != nil {
			return fault.Wrap(fault.Unavailable, err, "the population cannot be written")
		}
		done += b.people
		if o.Progress != nil {
			o.Progress(done)
		}
	}
	return fault.Wrap(fault.Unavailable, out.Flush(), "the population cannot be written")
}

type rendered struct {
	people int
	text   []byte
}

// Generated yields the people that Generate writes, in the same order. A
// record may be kept. Options that Validate refuses yield nobody.
func Generated(o GenerateOptions) iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		if o.Validate() != nil {
			return
		}
		done := 0
		for records := range inBlocks(o, func(r []Record) []Record { return r }) {
			for i := range records {
				if !yield(&records[i]) {
					return
				}
			}
			done += len(records)
			if o.Progress != nil {
				o.Progress(done)
			}
		}
	}
}

// inBlocks makes the blocks on all cores and yields what finish makes of each,
// in order. No more are under way than are being made, and one more.
func inBlocks[T any](o GenerateOptions, finish func([]Record) T) iter.Seq[T] {
	return func(yield func(T) bool) {
		blocks := (o.People + blockPeople - 1) / blockPeople
		workers := min(runtime.GOMAXPROCS(0), blocks)
		results := make(chan chan T, workers)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		defer wg.Wait()
		defer close(stop)
		type job struct {
			block int
			out   chan T
		}
		jobs := make(chan job)
		wg.Go(func() {
			defer close(results)
			defer close(jobs)
			for b := range blocks {
				out := make(chan T, 1)
				select {
				case results <- out:
				case <-stop:
					return
				}
				select {
				case jobs <- job{b, out}:
				case <-stop:
					return
				}
			}
		})
		for range workers {
			wg.Go(func() {
				g := newGenerator(o, blocks)
				for j := range jobs {
					j.out <- finish(g.block(j.block, min(blockPeople, o.People-j.block*blockPeople)))
				}
			})
		}
		for out := range results {
			if !yield(<-out) {
				return
			}
		}
	}
}

func writeHeader(w *bufio.Writer) {
	for _, f := range access.Fields {
		_, _ = w.WriteString(f.JSON)
		_ = w.WriteByte(',')
	}
	_, _ = w.WriteString("protected\n")
}

// appendCSV appends the record as a row of CSV, without the line's end.
func (r *Record) appendCSV(dst []byte) []byte {
	for f, v := range r.values {
		switch {
		case v == nil:
		case textRules[f] != nil:
			dst = appendCell(dst, []byte(unquote(v)))
		default:
			dst = appendCell(dst, v)
		}
		dst = append(dst, ',')
	}
	return strconv.AppendBool(dst, r.protected)
}

func appendCell(dst, v []byte) []byte {
	if !bytes.ContainsAny(v, "\",\r\n") {
		return append(dst, v...)
	}
	dst = append(dst, '"')
	for _, b := range v {
		if b == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, b)
	}
	return append(dst, '"')
}

// citizen is a person while a family is being made up. The numbers of other
// people are places in generator.people; -1 is nobody.
type citizen struct {
	female                 bool
	birth                  int // days since 1970
	year                   int
	surname, middle, given string
	group                  *group
	religion               [2]string
	pin, cmnd              string
	father, mother, spouse int
	children               []int
	home                   int // place in generator.homes; where a person lives or lived
	native                 int // unit of the native place
	born                   int // unit of birth
	gone                   int // day of death or of going missing; 0 if neither
	missing                bool
	marital                string
}

// home is a household.
type home struct {
	unit    int
	detail  string
	file    int
	members []int // the living, the head first
}

// generator makes blocks. It is used by one goroutine.
type generator struct {
	seed   uint64
	now    int // the day as of which, since 1970
	year   int
	quota  int // serials per block for one province, sex and year
	used   []uint16
	rng    *rand.Rand
	blockN int
	other  []byte // the field other of everybody

	people []citizen // of the block
	homes  []home
	buf    []byte
}

func newGenerator(o GenerateOptions, blocks int) *generator {
	asOf := o.AsOf
	if asOf == "" {
		asOf = ReferenceDate
	}
	day, _ := time.Parse(time.DateOnly, asOf)
	g := &generator{
		seed:  o.Seed,
		now:   int(day.Unix() / 86400),
		year:  day.Year(),
		quota: 1_000_000 / blocks,
		used:  make([]uint16, len(provinceCodes)*1000),
	}
	g.other, _ = json.Marshal(struct {
		Synthetic bool   `json:"synthetic"`
		Seed      string `json:"seed"`
	}{true, strconv.FormatUint(o.Seed, 10)})
	return g
}

// block makes block number n of so many people.
func (g *generator) block(n, people int) []Record {
	g.rng = rand.New(rand.NewPCG(g.seed, uint64(n)))
	g.blockN = n
	clear(g.used)
	g.people, g.homes = g.people[:0], g.homes[:0]
	// A family that does not fit is taken back, so that no reference dangles;
	// what room is left at the end goes to people who live alone.
	for tries := 0; len(g.people) < people; {
		p, h := len(g.people), len(g.homes)
		if people-p < 2 || tries > 20 {
			g.single()
		} else {
			g.family()
		}
		if len(g.people) > people {
			g.people, g.homes = g.people[:p], g.homes[:h]
			tries++
		}
	}
	g.settle()
	for i := range g.people {
		g.number(i, n*blockPeople+i)
	}
	records := make([]Record, people)
	g.buf = make([]byte, 0, people*1500)
	for i := range g.people {
		g.write(i, &records[i])
	}
	return records
}

func draw[T any](g *generator, t table[T]) T {
	x := g.rng.IntN(t.upTo[len(t.upTo)-1])
	for i, n := range t.upTo {
		if x < n {
			return t.values[i]
		}
	}
	panic("unreachable")
}

func pick[T any](g *generator, list []T) T { return list[g.rng.IntN(len(list))] }

// chance is true in n of 10,000 cases.
func (g *generator) chance(n int) bool { return g.rng.IntN(10_000) < n }

// between draws from low to high, both included.
func (g *generator) between(low, high int) int {
	if high <= low {
		return low
	}
	return low + g.rng.IntN(high-low+1)
}

const (
	daysPerYear    = 365 // enough for drawing
	communesOfEach = 160 // synthetic communes per province
)

func (g *generator) unitIn(province int) int {
	return province*communesOfEach + g.rng.IntN(communesOfEach)
}

func (g *generator) anyUnit() int { return g.unitIn(draw(g, provinceShares)) }

func (g *generator) age(i int) int { return (g.now - g.people[i].birth) / daysPerYear }

// add makes a person and returns their place.
func (g *generator) add(c citizen) int {
	c.year = time.Unix(int64(c.birth)*86400, 0).UTC().Year()
	era := eraOf(c.year)
	middles, given := era.maleMiddle, era.male
	if c.female {
		middles, given = era.femaleMiddle, era.female
	}
	if own := c.group.female; c.female && own != nil {
		middles = own
	} else if own := c.group.male; !c.female && own != nil {
		middles = own
	}
	c.middle, c.given = pick(g, middles), pick(g, given)
	c.spouse, c.marital = -1, "single"
	g.people = append(g.people, c)
	return len(g.people) - 1
}

func (g *generator) surname(of *group) string {
	if len(of.surnames) > 0 {
		return pick(g, of.surnames)
	}
	return draw(g, kinhSurnames)
}

func (g *generator) newHome(unit int) int {
	detail := "Thôn " + pick(g, hamlets)
	if g.chance(4500) {
		detail = "Số " + strconv.Itoa(g.between(1, 399)) + ", đường " + pick(g, streets)
	}
	g.homes = append(g.homes, home{unit: unit, detail: detail, file: g.rng.IntN(1_000_000)})
	return len(g.homes) - 1
}

// stranger makes a person without parents on record.
func (g *generator) stranger(female bool, birth int, of *group, religion [2]string, h int) int {
	native := g.homes[h].unit
	if g.chance(2500) {
		native = g.anyUnit()
	}
	return g.add(citizen{
		female: female, birth: birth, surname: g.surname(of), group: of, religion: religion,
		father: -1, mother: -1, home: h, native: native, born: native,
	})
}

// single makes somebody who lives alone.
func (g *generator) single() {
	h := g.newHome(g.anyUnit())
	i := g.stranger(g.chance(5000), g.now-g.between(20*daysPerYear, 75*daysPerYear), draw(g, groups), draw(g, religions), h)
	if g.age(i) > 30 && g.chance(3500) {
		g.people[i].marital = "divorced"
	}
}

// family makes a couple, their children, and theirs.
func (g *generator) family() {
	if g.chance(500) {
		g.single()
		return
	}
	h := g.newHome(g.anyUnit())
	of, religion := draw(g, groups), draw(g, religions)
	age := g.between(24, 62)
	if g.chance(4600) {
		age = g.between(58, 92)
	}
	birth := g.now - age*daysPerYear - g.rng.IntN(daysPerYear)
	man := g.stranger(false, birth, of, religion, h)
	g.marry(man, 0)
}

// marry gives a person a spouse of the other sex and children, who live with
// them or have homes of their own when they are grown up.
func (g *generator) marry(i, depth int) {
	one := g.people[i]
	of, religion := one.group, one.religion
	if g.chance(600) {
		of = draw(g, groups)
	}
	gap := g.between(-1*daysPerYear, 6*daysPerYear)
	if one.female {
		gap = -gap
	}
	birth := min(one.birth+gap, g.now-21*daysPerYear)
	j := g.stranger(!one.female, birth, of, religion, one.home)
	g.people[i].spouse, g.people[j].spouse = j, i
	g.people[i].marital, g.people[j].marital = "married", "married"
	man, woman := i, j
	if one.female {
		man, woman = j, i
	}
	era := eraOf(g.people[woman].year)
	day := max(g.people[woman].birth+g.between(20, 29)*daysPerYear, g.people[man].birth+20*daysPerYear) + g.rng.IntN(daysPerYear)
	last := g.people[woman].birth + 42*daysPerYear
	stayed := false
	for range g.between(era.childrenLeast, era.childrenUpTo) {
		if day >= g.now || day > last {
			break
		}
		g.child(man, woman, day, depth, &stayed)
		day += g.between(400, 5*daysPerYear)
	}
}

// child makes one child of a couple.
func (g *generator) child(man, woman, birth, depth int, stayed *bool) {
	father, mother := g.people[man], g.people[woman]
	surname := father.surname
	if g.chance(200) {
		surname = mother.surname
	}
	born := g.homes[father.home].unit
	if g.chance(800) {
		born = g.anyUnit()
	}
	i := g.add(citizen{
		female: !g.chance(5250), birth: birth, surname: surname, group: father.group, religion: father.religion,
		father: man, mother: woman, home: father.home, native: father.native, born: born,
	})
	g.people[man].children = append(g.people[man].children, i)
	g.people[woman].children = append(g.people[woman].children, i)
	age := g.age(i)
	if age < 24 {
		return
	}
	married := depth < 2 && g.chance(min(8500, (age-22)*1200))
	switch {
	case married && !*stayed && g.chance(2800): // the child who stays with the parents
		*stayed = true
	case married || g.chance(4000):
		unit := g.homes[father.home].unit
		if g.chance(4500) {
			unit = g.anyUnit()
		}
		g.people[i].home = g.newHome(unit)
	}
	if married {
		g.marry(i, depth+1)
	}
}

// settle decides who of the block is dead, missing or divorced, and puts the
// living into their households.
func (g *generator) settle() {
	for i := range g.people {
		c := &g.people[i]
		age := g.age(i)
		switch {
		case age > 60 && g.chance(min(6000, (age-60)*55)):
			c.gone = g.between(max(c.birth+60*daysPerYear, g.now-12*daysPerYear), g.now-30)
		case g.chance(12):
			c.gone = g.between(max(c.birth, g.now-12*daysPerYear), g.now-1)
		case age > 16 && g.chance(5):
			c.gone, c.missing = g.between(max(c.birth+16*daysPerYear, g.now-8*daysPerYear), g.now-1), true
		}
		// Nobody is gone before their child is there.
		if c.gone != 0 {
			for _, k := range c.children {
				c.gone = max(c.gone, min(g.people[k].birth+1, g.now-1))
			}
		}
	}
	for i := range g.people {
		c := &g.people[i]
		if c.spouse >= 0 && g.people[c.spouse].gone != 0 && c.gone == 0 {
			c.marital = "widowed"
		}
		if c.gone != 0 {
			continue
		}
		h := &g.homes[c.home]
		h.members = append(h.members, i)
	}
	for h := range g.homes {
		m := g.homes[h].members
		// The head is the first who is of age: people come parents first.
		for k, i := range m {
			if g.age(i) >= 18 {
				m[0], m[k] = m[k], m[0]
				break
			}
		}
	}
}

// number gives a person their numbers. No two people of a population share
// one: a block has serials of its own within each province, sex and year, and
// old numbers come from the person's place in the population.
func (g *generator) number(i, place int) {
	c := &g.people[i]
	province := c.born / communesOfEach
	code := (c.year/100-19)*2 + b2i(c.female)
	var slot int
	for {
		slot = province*1000 + code%10*100 + c.year%100
		if int(g.used[slot]) < g.quota {
			break
		}
		province = (province + 1) % len(provinceCodes)
	}
	serial := g.blockN*g.quota + int(g.used[slot])
	g.used[slot]++
	// A one-to-one shuffle of the serials of this province, sex and year.
	serial = (serial*387_421 + slot*7919 + int(g.seed%1_000_003)) % 1_000_000
	pin := make([]byte, 0, 12)
	pin = append(pin, provinceCodes[province]...)
	pin = append(pin, byte('0'+code%10))
	pin = appendDigits(pin, c.year%100, 2)
	pin = appendDigits(pin, serial, 6)
	c.pin = string(pin)
	// The last to get the old numbers were those of 14 when the twelve digits
	// had come to every province.
	if c.year <= 2006 && g.chance(8500) {
		n := (uint64(place)*387_420_489 + g.seed%999_999_937) % 1_000_000_000
		c.cmnd = string(appendDigits(make([]byte, 0, 9), int(n), 9))
	}
	// A few keep their number although its facts were corrected.
	if c.gone == 0 && len(c.children) == 0 && g.chance(20) {
		switch g.rng.IntN(2) {
		case 0:
			c.born = g.anyUnit()
		default:
			c.birth = min(c.birth+daysPerYear, g.now)
			c.year = time.Unix(int64(c.birth)*86400, 0).UTC().Year()
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func appendDigits(dst []byte, v, width int) []byte {
	var d [20]byte
	for i := width - 1; i >= 0; i-- {
		d[i] = byte('0' + v%10)
		v /= 10
	}
	return append(dst, d[:width]...)
}

func appendDay(dst []byte, day int) []byte {
	y, m, d := time.Unix(int64(day)*86400, 0).UTC().Date()
	dst = appendDigits(dst, y, 4)
	dst = appendDigits(append(dst, '-'), int(m), 2)
	return appendDigits(append(dst, '-'), d, 2)
}

func (c *citizen) appendName(dst []byte) []byte {
	if c.group.female != nil && c.group.female[0] == "H'" { // the given name first: H'Lan Niê, Y Bình Niê
		dst = append(dst, c.middle...)
		if !c.female {
			dst = append(dst, ' ')
		}
		dst = append(append(dst, c.given...), ' ')
		return append(dst, c.surname...)
	}
	dst = append(append(dst, c.surname...), ' ')
	if c.middle != "" && !(c.female && c.surname == "Công Tằng Tôn Nữ") {
		dst = append(append(dst, c.middle...), ' ')
	}
	return append(dst, c.given...)
}

func appendUnit(dst []byte, unit int) []byte {
	dst = append(dst, provinceCodes[unit/communesOfEach]...)
	return appendDigits(append(dst, 'X'), unit%communesOfEach+1, 4)
}

func appendAddress(dst []byte, unit int, detail string) []byte {
	dst = appendUnit(append(dst, `{"unit":"`...), unit)
	if detail != "" {
		dst = append(append(dst, `","detail":"`...), detail...)
	}
	return append(dst, `","country":"VN"}`...)
}

// reference appends one element of a list of people.
func (g *generator) reference(dst []byte, relation string, i int, nationality bool) []byte {
	c := &g.people[i]
	if dst[len(dst)-1] != '[' {
		dst = append(dst, ',')
	}
	dst = append(append(dst, `{"relation":"`...), relation...)
	dst = append(append(dst, `","pin":"`...), c.pin...)
	dst = c.appendName(append(dst, `","fullName":"`...))
	if nationality {
		dst = append(dst, `","nationality":"VN`...)
	}
	return append(dst, `"}`...)
}

// relation names what i is to the head of their household, in a list and on
// paper.
func (g *generator) relation(i, of int) (word, vi string) {
	c, o := &g.people[i], &g.people[of]
	switch {
	case i == of:
		return "head", "Chủ hộ"
	case c.spouse == of && c.female:
		return "spouse", "Vợ"
	case c.spouse == of:
		return "spouse", "Chồng"
	case c.father == of || c.mother == of:
		return "child", "Con"
	case o.father == i:
		return "father", "Cha"
	case o.mother == i:
		return "mother", "Mẹ"
	case c.spouse >= 0 && (g.people[c.spouse].father == of || g.people[c.spouse].mother == of):
		return "child-in-law", map[bool]string{true: "Con dâu", false: "Con rể"}[c.female]
	}
	for _, p := range [...]int{c.father, c.mother} {
		if p >= 0 && (g.people[p].father == of || g.people[p].mother == of) {
			return "grandchild", "Cháu"
		}
	}
	if c.father >= 0 && c.father == o.father {
		return "sibling", map[bool]string{true: "Chị em", false: "Anh em"}[c.female]
	}
	return "member", "Thành viên"
}

// write makes the record of person i. Every value is in stored form.
func (g *generator) write(i int, rec *Record) {
	c := &g.people[i]
	h := &g.homes[c.home]
	age := g.age(i)
	buf := g.buf
	start := len(buf)
	end := func(f access.Field) {
		rec.values[f] = buf[start:len(buf):len(buf)]
		start = len(buf)
	}
	text := func(f access.Field, v string) {
		buf = append(append(append(buf, '"'), v...), '"')
		end(f)
	}
	buf = append(c.appendName(append(buf, '"')), '"')
	end(access.FullName)
	if g.chance(200) {
		text(access.OtherName, pick(g, eras[0].male))
	}
	text(access.PIN, c.pin)
	buf = append(buf, '"')
	if c.year < 1956 && g.chance(2500) {
		buf = appendDigits(buf, c.year, 4)
	} else {
		buf = appendDay(buf, c.birth)
	}
	buf = append(buf, '"')
	end(access.DateOfBirth)
	if c.female {
		text(access.Sex, "female")
	} else {
		text(access.Sex, "male")
	}
	buf = appendAddress(buf, c.born, "")
	end(access.PlaceOfBirth)
	buf = appendAddress(buf, c.born, "")
	end(access.BirthRegistrationPlace)
	buf = appendAddress(buf, c.native, "")
	end(access.NativePlace)
	code := func(f access.Field, code, name string) {
		buf = append(append(buf, `{"code":"`...), code...)
		buf = append(append(buf, `","name":"`...), name...)
		buf = append(buf, `"}`...)
		end(f)
	}
	code(access.Ethnicity, c.group.code, c.group.name)
	code(access.Religion, c.religion[0], c.religion[1])
	text(access.Nationality, "VN")
	if g.chance(3000) {
		text(access.BloodGroup, pick(g, bloods))
	}
	if c.cmnd != "" {
		text(access.CMND, c.cmnd)
	}
	if age >= 14 && c.gone == 0 {
		g.card(&buf, c, age)
		end(access.IdentityCard)
	}
	buf = append(buf, '[')
	if c.father >= 0 {
		buf = g.reference(buf, "father", c.father, true)
		buf = g.reference(buf, "mother", c.mother, true)
	}
	if c.spouse >= 0 && c.gone == 0 && g.people[c.spouse].gone == 0 {
		buf = g.reference(buf, "spouse", c.spouse, true)
	}
	for _, k := range c.children {
		buf = g.reference(buf, "child", k, true)
	}
	if len(buf) > start+1 {
		buf = append(buf, ']')
		end(access.Relatives)
	} else {
		buf = buf[:start]
	}
	buf = appendAddress(buf, h.unit, h.detail)
	end(access.PermanentResidence)
	if c.gone == 0 {
		g.living(i, &buf, end, age)
	}
	buf = append(buf, marital[c.marital]...)
	end(access.MaritalStatus)
	if c.gone != 0 {
		status := "dead"
		if c.missing {
			status = "missing"
		}
		buf = append(append(buf, `{"status":"`...), status...)
		buf = appendDay(append(buf, `","date":"`...), c.gone)
		buf = append(buf, `"}`...)
		end(access.DeathOrMissing)
	}
	rec.values[access.Other] = g.other
	rec.protected = c.gone == 0 && g.chance(10)
	g.buf = buf
}

// living writes the fields that only the living have.
func (g *generator) living(i int, to *[]byte, end func(access.Field), age int) {
	c := &g.people[i]
	h := &g.homes[c.home]
	at, detail := h.unit, h.detail
	buf := *to
	keep := func(f access.Field) {
		*to = buf
		end(f)
	}
	if age >= 16 && g.chance(600) {
		at, detail = g.anyUnit(), "Số "+strconv.Itoa(g.between(1, 199))+", đường "+pick(g, streets)
		buf = appendAddress(buf, at, detail)
		keep(access.TemporaryResidence)
		if g.chance(3000) {
			from := g.now - g.between(5, 300)
			buf = appendDay(append(buf, `{"from":"`...), from)
			buf = appendDay(append(buf, `","until":"`...), from+g.between(310, 700))
			buf = appendUnit(append(buf, `","destination":"`...), at)
			buf = append(buf, `"}`...)
			keep(access.TemporaryAbsence)
		}
	}
	buf = appendAddress(buf, at, detail)
	keep(access.CurrentResidence)
	buf = append(buf, '"')
	buf = append(buf, provinceCodes[h.unit/communesOfEach]...)
	buf = appendDigits(append(buf, 'X'), g.blockN*blockPeople+c.home, 8)
	buf = append(buf, '"')
	keep(access.ResidenceFileNumber)
	head := h.members[0]
	_, vi := g.relation(i, head)
	buf = append(append(append(buf, '"'), vi...), '"')
	keep(access.RelationToHead)
	buf = append(buf, '[')
	for _, m := range h.members {
		word, _ := g.relation(m, head)
		buf = g.reference(buf, word, m, false)
	}
	buf = append(buf, ']')
	keep(access.HouseholdField)
	if age >= 15 && g.chance(7500) {
		// 0100 was never given out; .example never will be (RFC 2606).
		buf = appendDigits(append(buf, `{"mobile":"0100`...), g.rng.IntN(10_000_000), 7)
		if g.chance(3500) {
			buf = appendDigits(append(buf, `","email":"cd`...), g.rng.IntN(1_000_000_000), 9)
			buf = append(buf, `@dancu.example`...)
		}
		buf = append(buf, `"}`...)
		keep(access.Contact)
	}
	*to = buf
}

// card writes an identity card: it was issued in the last years and ends on a
// 25th, 40th or 60th birthday, or never after that.
func (g *generator) card(to *[]byte, c *citizen, age int) {
	buf := *to
	issued := g.now - g.between(10, min(5*daysPerYear, max(11, (age-13)*daysPerYear)))
	buf = append(append(buf, `{"number":"`...), c.pin...)
	buf = appendDay(append(buf, `","issued":"`...), issued)
	buf = append(buf, `","place":"Bộ Công an`...)
	for _, until := range [...]int{25, 40, 60} {
		if age < until-1 {
			y, m, d := time.Unix(int64(c.birth)*86400, 0).UTC().Date()
			if m == time.February && d == 29 {
				d = 28
			}
			buf = appendDigits(append(buf, `","expires":"`...), y+until, 4)
			buf = appendDigits(append(buf, '-'), int(m), 2)
			buf = appendDigits(append(buf, '-'), d, 2)
			break
		}
	}
	*to = append(buf, `"}`...)
}
