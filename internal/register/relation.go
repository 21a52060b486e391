package register

// Relation is what a relation of the field relatives means, as far as it says
// who acts for whom.
type Relation string

// The relations.
const (
	Father         Relation = "father"
	Mother         Relation = "mother"
	Child          Relation = "child"
	Representative Relation = "representative" // legal representative, guardian
	Represented    Relation = "represented"    // the person represented, ward
)

// relations are the words under which sources write them, folded. Adoptive
// parents are parents.
var relations = func() map[string]Relation {
	m := map[string]Relation{}
	for relation, words := range map[Relation][]string{
		Father:         {"father", "cha", "bố", "cha đẻ", "cha nuôi"},
		Mother:         {"mother", "mẹ", "mẹ đẻ", "mẹ nuôi"},
		Child:          {"child", "con", "con đẻ", "con nuôi"},
		Representative: {"representative", "người đại diện", "người đại diện hợp pháp", "người giám hộ"},
		Represented:    {"represented", "người được đại diện", "người được giám hộ"},
	} {
		for _, w := range words {
			m[Fold(w)] = relation
		}
	}
	return m
}()

// RelationOf reads the word of a record, without case and diacritics; "" for
// every other relation.
func RelationOf(word string) Relation { return relations[Fold(word)] }
