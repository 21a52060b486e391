package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"dancu/internal/access"
	"dancu/internal/app"
	"dancu/internal/apptest"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// folder makes a state folder with free addresses.
func folder(t *testing.T) app.Config {
	t.Helper()
	dir, err := os.MkdirTemp("", "dancu-app-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if _, err := app.Init(dir, app.InitOptions{Origin: "log.example.vn/test"}); err != nil {
		t.Fatal(err)
	}
	l, err := app.LoadConfig(filepath.Join(dir, app.ConfigFile), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := l.Config
	c.Identity.HashMemory = 64 << 10
	c.API.Listen, c.Log.Listen, c.Console.Listen, c.Operations.Listen = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"
	return c
}

func quiet(o *app.Options) { o.Stderr = new(apptest.Output) }

// TestNothingIsLeftRunning starts and stops a node and looks for what stayed.
func TestNothingIsLeftRunning(t *testing.T) {
	before := goleak.IgnoreCurrent()
	for _, used := range []bool{false, true} {
		a, err := app.New(t.Context(), folder(t), quiet)
		if err != nil {
			t.Fatal(err)
		}
		if used {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- a.Run(ctx) }()
			<-a.Serving()
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Errorf("closed twice: %v", err)
		}
	}
	goleak.VerifyNone(t, before)
}

func TestOnlyOneNodeUsesAStateFolder(t *testing.T) {
	cfg := folder(t)
	a, err := app.New(t.Context(), cfg, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if _, err := app.New(t.Context(), cfg, quiet); !errors.Is(err, app.ErrInUse) {
		t.Errorf("got %v", err)
	}
}

func TestABusyAddressIsNamedWithItsSetting(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	cfg := folder(t)
	cfg.Operations.Listen = ln.Addr().String()
	_, err = app.New(t.Context(), cfg, quiet)
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "operations.listen") {
		t.Errorf("got %v", err)
	}
	// What was opened before is closed again.
	cfg.Operations.Listen = ""
	a, err := app.New(t.Context(), cfg, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

func TestListenersCanBeTurnedOff(t *testing.T) {
	cfg := folder(t)
	cfg.Log.Listen, cfg.Console.Listen, cfg.Operations.Listen = "", "", ""
	a, err := app.New(t.Context(), cfg, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if a.Address("api") == "" || a.Address("log")+a.Address("console")+a.Address("operations") != "" {
		t.Error("the wrong listeners are on")
	}
}

// TestStopDrains stops a node under load: every call gets its answer or is
// told to come back, every answer has its entry, and none is missing.
func TestStopDrains(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		s := apptest.Start(t, apptest.Options{Env: env})
		client := s.Client(0)
		var mu sync.Mutex
		var receipts [][]byte
		begun := make(chan struct{}, 1)
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for n := 0; ; n++ {
					a, err := client.Try("/v1/lookup", client.LookupRequest(s.Info.People[(i+n)%len(s.Info.People)]))
					if err != nil || a.Status == http.StatusServiceUnavailable {
						return // the listener is gone, or says so
					}
					if a.Status != http.StatusOK {
						t.Errorf("%d %s", a.Status, a.Body)
						return
					}
					mu.Lock()
					receipts = append(receipts, a.Receipt)
					mu.Unlock()
					select {
					case begun <- struct{}{}:
					default:
					}
				}
			})
		}
		<-begun
		s.Stop()
		wg.Wait()
		s.Restart()
		for _, r := range receipts {
			s.VerifyReceipt(r)
		}
		if got := s.Connection(client.System.ID).Used.Calls; got < int64(len(receipts)) {
			t.Errorf("%d answers and only %d counted", len(receipts), got)
		}
	})
}

func TestReadinessFollowsTheLog(t *testing.T) {
	s := apptest.Start(t)
	if code, body := s.Read(s.Info.Operations + "/readyz"); code != 200 {
		t.Errorf("%d %s", code, body)
	}
	if err := s.App.Log.Close(); err != nil {
		t.Fatal(err)
	}
	code, body := s.Read(s.Info.Operations + "/readyz")
	if code != http.StatusServiceUnavailable || !strings.Contains(body, "log") {
		t.Errorf("%d %s", code, body)
	}
	if a := s.Client(0).Lookup(s.Info.People[0]); a.Code != string(access.LogUnavailable) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestMetricsNameRoutesAndCodes(t *testing.T) {
	s := apptest.Start(t)
	person := s.Info.People[0]
	s.Client(0).Lookup(person)
	s.Client(1).Search(person)
	_, body := s.Read(s.Info.Operations + "/metrics")
	for _, want := range []string{
		`dancu_requests_total{code="",listener="api",route="POST /v1/lookup",status="200"} 1`,
		`dancu_requests_total{code="grant.none",listener="api",route="POST /v1/search",status="403"} 1`,
		"dancu_ready 1", "dancu_log_ready 1", "dancu_commit_seconds_count",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in the metrics:\n%s", want, body)
		}
	}
	if strings.Contains(body, person.PIN) {
		t.Error("the metrics hold a PIN")
	}
}

func TestStatusPageShowsTheDemonstration(t *testing.T) {
	s := apptest.Start(t)
	s.Client(0).Lookup(s.Info.People[0])
	// One picture serves every reader for a moment.
	tags := regexp.MustCompile(`<[^>]*>`)
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		code, body := s.Read(s.Info.Console + "/?lang=en")
		text := strings.Join(strings.Fields(tags.ReplaceAllString(body, " ")), " ")
		if code == http.StatusOK && strings.Contains(text, "Counted calls today 1 ") && strings.Contains(text, "Active connections 7 of 7") {
			// Which agency it was is not for everybody.
			if strings.Contains(text, "One-stop office") {
				t.Errorf("the public page names an agency: %s", text)
			}
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d %s", code, text)
		}
	}
}

// TestExampleCallWorksAsPrinted runs the curl command that the demonstration
// prints, in a shell, as a reader would.
func TestExampleCallWorksAsPrinted(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed: apt-get install curl")
	}
	s := apptest.StartProcess(t)
	_, call, ok := strings.Cut(s.Stdout(), "\ncurl ")
	if !ok {
		t.Fatalf("no curl command was printed:\n%s", s.Stdout())
	}
	out, err := exec.Command("sh", "-c", "curl "+call).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var answer struct {
		Person  map[string]any  `json:"person"`
		Receipt json.RawMessage `json:"receipt"`
	}
	if err := json.Unmarshal(out, &answer); err != nil || answer.Person["fullName"] != s.Info.People[0].FullName {
		t.Fatalf("%v\n%s", err, out)
	}
	s.VerifyReceipt(answer.Receipt)
}

func TestDemoTellsOnlyWhatIsTrue(t *testing.T) {
	s := apptest.StartProcess(t, apptest.Options{Limit: 3})
	file := filepath.Join(s.Dir, app.DemoFile)
	for _, path := range []string{s.Info.CA, s.Info.Log.VkeyFile, s.Info.Systems[0].Cert, s.Info.Systems[2].Key, s.Info.Config} {
		if !filepath.IsAbs(path) {
			t.Errorf("%s is not absolute", path)
		}
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
	if b, err := os.ReadFile(s.Info.Log.VkeyFile); err != nil || string(b) != s.Info.Log.Vkey+"\n" {
		t.Errorf("the verifier key file holds %q, %v", b, err)
	}
	c := s.Client(0)
	for i, want := range []string{"", "", "", "connection.locked_volume", "connection.locked_volume"} {
		if a := c.Lookup(s.Info.People[i]); a.Code != want {
			t.Errorf("call %d: %d %s", i+1, a.Status, a.Body)
		}
	}
	s.Stop()
	// A start removes the old file at once, and a failed one leaves none.
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, err = app.NewDemo(t.Context(), app.DemoOptions{
		Dir: s.Dir, People: 400, Seed: 1, API: ln.Addr().String(), Console: "127.0.0.1:0", Limit: 3, Quiet: true,
		Stdout: new(apptest.Output), Stderr: new(apptest.Output),
	})
	if err == nil {
		t.Fatal("it started on a busy address")
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("demo.json is there after a failed start: %v", err)
	}
	// The lock outlives the restart; lifting it starts a new count.
	s.Restart()
	if a := s.Client(0).Lookup(s.Info.People[0]); a.Code != "connection.locked_volume" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	s.Unlock(s.Info.Systems[0].ID)
	if a := s.Client(0).Lookup(s.Info.People[0]); !a.Found() {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestDemoTrafficLeavesTheThreeSystemsAlone(t *testing.T) {
	s := apptest.Start(t, apptest.Options{Traffic: true})
	before := s.App.Log.Head().Size
	deadline := time.Now().Add(30 * time.Second)
	for s.App.Log.Head().Size < before+40 && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
	}
	for _, sys := range s.Info.Systems {
		if got := s.Connection(sys.ID).Used.Calls; got != 0 {
			t.Errorf("%s has used %d calls", sys.ID, got)
		}
	}
	if got := s.Connection("dang-ky-thue").Used.Calls + s.Connection("thue-bao").Used.Calls; got == 0 {
		t.Error("there was no traffic")
	}
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	cfg := folder(t)
	cmd := exec.Command(apptest.Binary(t), "serve", "--config", filepath.Join(cfg.State, app.ConfigFile))
	cmd.Env = append(os.Environ(), "DANCU_API_LISTEN=127.0.0.1:0", "DANCU_LOG_LISTEN=127.0.0.1:0", "DANCU_CONSOLE_LISTEN=127.0.0.1:0", "DANCU_OPERATIONS_LISTEN=", "DANCU_DRAIN_DELAY=10m")
	var out apptest.Output
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	wait := func(text string) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !strings.Contains(out.String(), text); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				_ = cmd.Process.Kill()
				t.Fatalf("no %q in the log:\n%s", text, out.String())
			}
		}
	}
	wait(`"serving"`)
	_ = cmd.Process.Signal(syscall.SIGTERM)
	wait(`"stopping"`)
	_ = cmd.Process.Signal(syscall.SIGTERM)
	err := cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGTERM {
		t.Errorf("got %v", err)
	}
	for _, line := range bytes.Split(bytes.TrimSpace([]byte(out.String())), []byte("\n")) {
		if !json.Valid(line) {
			t.Errorf("not a line of JSON: %s", line)
		}
	}
}
