package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// Faults on request, and a record of what was asked: the tests' own side of the peer, under /peer/.
//
//	POST /peer/fault?kind=cut&path=/nfc/&after=N[&times=K]     drop the connection after N bytes of the answer
//	POST /peer/fault?kind=status&path=/folder&code=503[&retryAfter=1][&times=K]
//	POST /peer/fault?kind=status&method=CreateSnapshot_Task&code=500
//	POST /peer/fault?kind=slow&path=/nfc/&rate=BYTES_PER_SECOND
//	POST /peer/fault?kind=corrupt&path=/nfc/&after=N[&times=K] change the byte behind N bytes of the answer
//	POST /peer/fault?kind=delay&method=RemoveSnapshot_Task&ms=500
//	POST /peer/fault?kind=fault&method=CloneSession&name=NotSupported   answer with this fault
//	POST /peer/fault?kind=hangup&method=ExportVm[&times=K]     drop the connection before the method is run
//	POST /peer/fault?kind=lost&method=ExportVm[&times=K]       run the method, drop the connection instead of the answer
//	POST /peer/fault?kind=sessions[&after=N]                   every session ends now, or when N more requests have come
//	POST /peer/fault?kind=leases                               every lease times out now
//	POST /peer/fault?kind=cbt                                  change tracking starts anew: all change ids are void
//	POST /peer/fault?kind=host                                 the machines' hosts do not answer any more, until kind=clear
//	POST /peer/fault?kind=tasks&ms=500                         tasks are seen running for so long, until kind=clear
//	POST /peer/fault?kind=clear
//	GET  /peer/calls                                           one line per call: method or path, object, fault or status
//	GET  /peer/state                                           JSON: power, snapshots, media of every VM; open leases
type fault struct {
	kind, path, method string
	name               string
	after, rate        int64
	code, ms, times    int
	skip               int // requests that pass before it
	retryAfter         string
}

var (
	faultMu sync.Mutex
	faults  []*fault
	revoked sync.Map // cookie values whose session was ended
	seen    sync.Map // cookie values that were given out or used
	callMu  sync.Mutex
	calls   []string
	read    int64 // bytes of /folder and /nfc answers
)

func note(format string, args ...interface{}) {
	callMu.Lock()
	defer callMu.Unlock()
	calls = append(calls, fmt.Sprintf(format, args...))
}

// take finds the fault for a request and counts it as used.
func take(path, method string, kinds ...string) *fault {
	faultMu.Lock()
	defer faultMu.Unlock()
	for i, f := range faults {
		fits := false
		for _, k := range kinds {
			fits = fits || f.kind == k
		}
		if !fits || (f.path != "" && !strings.Contains(path, f.path)) || (f.method != "" && f.method != method) {
			continue
		}
		if f.skip > 0 {
			f.skip--
			continue
		}
		if f.times > 0 {
			if f.times--; f.times == 0 {
				faults = append(faults[:i:i], faults[i+1:]...)
			}
		}
		return f
	}
	return nil
}

func servePeer(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/peer/fault":
		setFault(r)
	case "/peer/calls":
		callMu.Lock()
		defer callMu.Unlock()
		fmt.Fprint(w, strings.Join(calls, "\n"))
		if r.Method == http.MethodDelete {
			calls = nil
			atomic.StoreInt64(&read, 0)
		}
	case "/peer/state":
		_ = json.NewEncoder(w).Encode(state())
	default:
		http.NotFound(w, r)
	}
}

func setFault(r *http.Request) {
	q := r.URL.Query()
	num := func(k string) int64 { n, _ := strconv.ParseInt(q.Get(k), 10, 64); return n }
	switch q.Get("kind") {
	case "clear":
		faultMu.Lock()
		faults = nil
		faultMu.Unlock()
		setHosts(types.VirtualMachineConnectionStateConnected)
		atomic.StoreInt64(&taskMs, 0)
	case "host":
		setHosts(types.VirtualMachineConnectionStateDisconnected)
	case "tasks":
		atomic.StoreInt64(&taskMs, num("ms"))
	case "sessions":
		if n := num("after"); n > 0 {
			atomic.StoreInt64(&endAfter, n)
			break
		}
		endSessions()
	case "leases":
		leases.Range(func(_, l interface{}) bool { l.(*nfcLease).fail(new(types.Timedout), "lease timed out"); return true })
	case "cbt":
		mu.Lock()
		for _, c := range chains {
			c.uuid, c.seq, c.hashes = uuid.New().String(), 0, map[string][]uint64{}
		}
		mu.Unlock()
	default:
		faultMu.Lock()
		faults = append(faults, &fault{kind: q.Get("kind"), path: q.Get("path"), method: q.Get("method"), after: num("after"), rate: num("rate"),
			code: int(num("code")), ms: int(num("ms")), times: int(num("times")), skip: int(num("skip")), name: q.Get("name"), retryAfter: q.Get("retryAfter")})
		faultMu.Unlock()
	}
}

var (
	hostGone int32
	taskMs   int64
	endAfter int64 // requests until every session ends; 0: never
)

func endSessions() { seen.Range(func(k, _ interface{}) bool { revoked.Store(k, true); return true }) }

// ofHost are methods that a machine's host carries out.
var ofHost = map[string]bool{"ExportVm": true, "ExportSnapshot": true, "CreateSnapshot_Task": true, "RemoveSnapshot_Task": true, "PowerOnVM_Task": true, "PowerOffVM_Task": true,
	"ShutdownGuest": true, "ReconfigVM_Task": true, "QueryChangedDiskAreas": true, "HttpNfcLeaseGetManifest": true}

func setHosts(state types.VirtualMachineConnectionState) {
	gone := int32(0)
	if state != types.VirtualMachineConnectionStateConnected {
		gone = 1
	}
	if atomic.SwapInt32(&hostGone, gone) == gone {
		return
	}
	for _, e := range simulator.Map.All("VirtualMachine") {
		if vm, ok := e.(*simulator.VirtualMachine); ok {
			simulator.Map.WithLock(vm, func() {
				simulator.Map.Update(vm, []types.PropertyChange{{Name: "runtime.connectionState", Val: state}})
			})
		}
	}
}

type vmState struct {
	Name, Power string
	Snapshots   []string
	Media       string
	Connected   bool
	Cbt         bool
	Files       []string
}

func state() interface{} {
	var vms []vmState
	for _, e := range simulator.Map.All("VirtualMachine") {
		vm, ok := e.(*simulator.VirtualMachine)
		if !ok {
			continue
		}
		s := vmState{Name: vm.Name, Power: string(vm.Runtime.PowerState), Snapshots: []string{}}
		simulator.Map.WithLock(vm, func() {
			if vm.Snapshot != nil {
				var walk func([]types.VirtualMachineSnapshotTree)
				walk = func(t []types.VirtualMachineSnapshotTree) {
					for _, n := range t {
						s.Snapshots = append(s.Snapshots, n.Name)
						walk(n.ChildSnapshotList)
					}
				}
				walk(vm.Snapshot.RootSnapshotList)
			}
			s.Cbt = vm.Config.ChangeTrackingEnabled != nil && *vm.Config.ChangeTrackingEnabled
			for _, d := range vm.Config.Hardware.Device {
				if cd, ok := d.(*types.VirtualCdrom); ok {
					if b, ok := cd.Backing.(*types.VirtualCdromIsoBackingInfo); ok {
						s.Media = b.FileName
					}
					s.Connected = cd.Connectable != nil && cd.Connectable.Connected
				}
			}
			for _, d := range disksOf(vm.Config.Hardware.Device) {
				s.Files = append(s.Files, d.Backing.(*types.VirtualDiskFlatVer2BackingInfo).FileName)
			}
		})
		vms = append(vms, s)
	}
	open := 0
	leases.Range(func(_, _ interface{}) bool { open++; return true })
	return map[string]interface{}{"VMs": vms, "OpenLeases": open, "BytesRead": atomic.LoadInt64(&read)}
}

// live tells whether a file is being written by a machine that runs: a host refuses to hand such a file out.
func live(path string) bool {
	mu.Lock()
	defer mu.Unlock()
	for _, e := range simulator.Map.All("VirtualMachine") {
		vm, ok := e.(*simulator.VirtualMachine)
		if !ok || vm.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOn {
			continue
		}
		for _, d := range disksOf(vm.Config.Hardware.Device) {
			c := chainOf(vm.Self.Value, d)
			if f := dataFile(c.names[len(c.names)-1], len(c.names)-1); f != "" && strings.HasSuffix(f, string(filepath.Separator)+filepath.Clean(path)) {
				return true
			}
		}
	}
	return false
}

// faultyWriter counts, slows down and cuts an answer.
type faultyWriter struct {
	http.ResponseWriter
	left  int64 // -1: no limit
	rate  int64
	code  int
	count bool
	// which byte of the answer is changed, from 1; 0: none
	corrupt, sent int64
}

func (w *faultyWriter) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *faultyWriter) Flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

func (w *faultyWriter) Write(b []byte) (int, error) {
	done := 0
	for done < len(b) {
		if w.count && atomic.LoadInt32(&hostGone) == 1 {
			panic(http.ErrAbortHandler)
		}
		part := b[done:]
		if w.rate > 0 && int64(len(part)) > w.rate/20+1 {
			part = part[:w.rate/20+1]
		}
		if w.left >= 0 && int64(len(part)) > w.left {
			part = part[:w.left]
		}
		if at := w.corrupt - 1 - w.sent; w.corrupt > 0 && at >= 0 && at < int64(len(part)) {
			part = append([]byte(nil), part...)
			part[at] ^= 0x55
		}
		n, err := w.ResponseWriter.Write(part)
		done += n
		w.sent += int64(n)
		if w.count {
			atomic.AddInt64(&read, int64(n))
		}
		if err != nil {
			return done, err
		}
		if w.left >= 0 {
			if w.left -= int64(n); w.left == 0 {
				w.Flush()
				panic(http.ErrAbortHandler)
			}
		}
		if w.rate > 0 {
			w.Flush()
			time.Sleep(50 * time.Millisecond)
		}
	}
	return done, nil
}

// discard swallows an answer that is to be lost.
type discard struct{ h http.Header }

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// recorder keeps a SOAP answer's start, to note the fault's kind.
type recorder struct {
	http.ResponseWriter
	head []byte
}

func (w *recorder) Write(b []byte) (int, error) {
	if len(w.head) < 4096 {
		w.head = append(w.head, b...)
	}
	return w.ResponseWriter.Write(b)
}

var faultRe = regexp.MustCompile(`<faultstring[^>]*>|type="(?:[\w.-]+:)?(\w+)"`)

// withFaults wraps everything that the peer serves.
func withFaults(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := r.URL.Path
		if strings.HasPrefix(p, "/peer/") {
			servePeer(w, r)
			return
		}
		if atomic.LoadInt64(&endAfter) > 0 && atomic.AddInt64(&endAfter, -1) == 0 {
			endSessions()
		}
		if c, err := r.Cookie("vmware_soap_session"); err == nil {
			v := strings.Trim(c.Value, `"`)
			if _, gone := revoked.Load(v); gone {
				r.Header.Del("Cookie")
			}
			seen.Store(v, true)
		}
		if strings.HasPrefix(p, "/sdk") {
			next.ServeHTTP(w, r)
			return
		}
		what := fmt.Sprintf("%s %s %s", r.Method, p, r.Header.Get("Range"))
		if atomic.LoadInt32(&hostGone) == 1 && (strings.HasPrefix(p, "/nfc/") || strings.HasPrefix(p, "/folder")) {
			note("%s host gone", what)
			panic(http.ErrAbortHandler)
		}
		if f := take(p, "", "hangup"); f != nil {
			note("%s hangup", what)
			panic(http.ErrAbortHandler)
		}
		if f := take(p, "", "status"); f != nil {
			note("%s %d", what, f.code)
			if f.retryAfter != "" {
				w.Header().Set("Retry-After", f.retryAfter)
			}
			http.Error(w, "as asked", f.code)
			return
		}
		fw := &faultyWriter{ResponseWriter: w, left: -1, code: 200, count: true}
		if f := take(p, "", "cut"); f != nil {
			fw.left = f.after
			what += " cut"
		}
		if f := take(p, "", "slow"); f != nil {
			fw.rate = f.rate
		}
		if f := take(p, "", "corrupt"); f != nil {
			fw.corrupt = f.after + 1
			what += " corrupt"
		}
		defer func() { note("%s %d", what, fw.code) }()
		next.ServeHTTP(fw, r)
	})
}

// method runs one SOAP method with the faults that were asked for.
func method(name, object string, w http.ResponseWriter, r *http.Request, run func(http.ResponseWriter)) {
	if f := take("/sdk", name, "delay"); f != nil {
		time.Sleep(time.Duration(f.ms) * time.Millisecond)
	}
	if f := take("/sdk", name, "hangup"); f != nil {
		note("%s %s hangup", name, object)
		panic(http.ErrAbortHandler)
	}
	if f := take("/sdk", name, "status"); f != nil {
		note("%s %s %d", name, object, f.code)
		if f.retryAfter != "" {
			w.Header().Set("Retry-After", f.retryAfter)
		}
		http.Error(w, "as asked", f.code)
		return
	}
	f := take("/sdk", name, "fault")
	if f == nil && atomic.LoadInt32(&hostGone) == 1 && ofHost[name] {
		f = &fault{name: "HostNotConnected"}
	}
	if f != nil {
		note("%s %s fault %s", name, object, f.name)
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprintf(w, `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault>`+
			`<faultcode>ServerFaultCode</faultcode><faultstring>as asked</faultstring><detail><%[1]sFault xmlns="urn:vim25" xsi:type="%[1]s"/></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>`, f.name)
		return
	}
	if f := take("/sdk", name, "lost"); f != nil {
		run(&discard{http.Header{}})
		note("%s %s lost", name, object)
		panic(http.ErrAbortHandler)
	}
	rec := &recorder{ResponseWriter: w}
	run(rec)
	if strings.Contains(string(rec.head), "<faultstring") {
		kind := "Fault"
		for _, m := range faultRe.FindAllSubmatch(rec.head, -1) {
			if len(m[1]) > 0 {
				kind = string(m[1])
			}
		}
		note("%s %s fault %s", name, object, kind)
		return
	}
	note("%s %s", name, object)
}
