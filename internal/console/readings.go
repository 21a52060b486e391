package console

import (
	"net/http"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/web"
)

// The rate of one session's readings of the log: 60 a minute, and as many at
// once. Each is an entry that stays for good: nobody may fill the log by
// loading a page again and again.
var readingRate = web.Rate{PerSecond: 1, Burst: 60}

// readingSessions is how many sessions' rates of reading are remembered.
const readingSessions = 20_000

// reading holds the readings of the log to their rate.
func (s *console) reading(next site.Handler) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		if q := s.readings.Take(v.Session.ID, readingRate, time.Now()); !q.OK {
			return &web.Problem{
				Status: http.StatusTooManyRequests, Code: string(access.RateExceeded), RetryAfter: q.Retry,
				Title:  web.Text{VI: i18n.VI.T(i18n.LogSlowlyTitle), EN: i18n.EN.T(i18n.LogSlowlyTitle)},
				Detail: web.Text{VI: i18n.VI.T(i18n.LogSlowly), EN: i18n.EN.T(i18n.LogSlowly)},
			}
		}
		return next(w, r, v)
	}
}
