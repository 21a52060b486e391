package i18n

import "dancu/internal/access"

// numMsgs is how many texts there are.
const numMsgs = endGuides

// messages is every text in both languages, out of the tables of the parts of
// the console.
var messages = func() (all [numMsgs]access.Text) {
	copy(all[:], statusTexts[:])
	for _, table := range []map[Msg]access.Text{
		shellTexts, signinTexts, accountTexts, lookupTexts, agencyTexts, operatorTexts, inspectorTexts, kindsTexts, lifeTexts,
		exportTexts, todayTexts,
		keepTexts,
		citizenTexts,
		noticesTexts,
		settingsTexts,
		homeTexts, usageTexts, guidesTexts,
	} {
		for m, text := range table {
			all[m] = text
		}
	}
	return all
}()
