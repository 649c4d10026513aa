package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

var base string // https://host:port

// Methods that the simulator lacks (or does without disk bytes) are sent to a companion object
// of the same id and another type: the registry keeps its own *VirtualMachine, which the
// simulator's code asserts in many places, so that wrapping it would panic.
var extended = map[string]string{
	"ExportVm":                        "VirtualMachine",
	"QueryChangedDiskAreas":           "VirtualMachine",
	"CreateSnapshot_Task":             "VirtualMachine",
	"RemoveAllSnapshots_Task":         "VirtualMachine",
	"ConsolidateVMDisks_Task":         "VirtualMachine",
	"RemoveSnapshot_Task":             "VirtualMachineSnapshot",
	"ExportSnapshot":                  "VirtualMachineSnapshot",
	"ReconfigVM_Task":                 "VirtualMachine",
	"RebootGuest":                     "VirtualMachine",
	"ShutdownGuest":                   "VirtualMachine",
	"TurnOffFaultToleranceForVM_Task": "VirtualMachine",
	"FindRulesForVm":                  "ClusterComputeResource",
}

var (
	methodRe = regexp.MustCompile(`<(?:[\w.-]+:)?Body[^>]*>\s*<(?:[\w.-]+:)?(\w+)`)
	thisRe   = regexp.MustCompile(`(<(?:[\w.-]+:)?_this\b[^>]*?\btype=["'])(VirtualMachine|VirtualMachineSnapshot|ClusterComputeResource)(["'][^>]*>)\s*([^<\s]+)`)
)

func front(svc *simulator.Service, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := r.URL.Path
		switch {
		case r.Method == http.MethodPost && strings.HasPrefix(p, "/sdk"):
			body, err := io.ReadAll(r.Body)
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			name, object := "", ""
			if m := methodRe.FindSubmatch(body); m != nil {
				name = string(m[1])
				if t := anyThisRe.FindSubmatch(body); t != nil {
					object = string(t[1])
				}
				if t := thisRe.FindSubmatch(body); t != nil && string(t[2]) == extended[name] {
					companion(string(t[2]), string(t[4]))
					body = thisRe.ReplaceAll(body, []byte("${1}Ext${2}${3}${4}"))
				}
			}
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			method(name, object, w, r, func(w http.ResponseWriter) { next.ServeHTTP(&cookieWriter{w}, r) })
			return
		case strings.HasPrefix(p, "/rest/") || strings.HasPrefix(p, "/api/"):
			serveREST(svc, next, w, r)
			return
		case strings.HasPrefix(p, "/nfc/"):
			if !serveNFC(w, r) {
				break // an import lease of the simulator's own (0.24.2 discards what is uploaded)
			}
			return
		case p == "/guestFile":
			serveGuestFile(w, r)
			return
		case strings.HasPrefix(p, "/folder"):
			if !authorized(svc, r) {
				w.Header().Set("WWW-Authenticate", `Basic realm="VMware HTTP server"`)
				http.Error(w, "Unauthorized", http.StatusUnauthorized)
				return
			}
			if live(strings.TrimPrefix(p, "/folder/")) {
				http.Error(w, "The file is in use", http.StatusForbidden)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// companion makes sure that the object that answers the extended methods exists.
func companion(kind, id string) {
	ref := types.ManagedObjectReference{Type: kind, Value: id}
	ext := types.ManagedObjectReference{Type: "Ext" + kind, Value: id}
	if simulator.Map.Get(ref) == nil || simulator.Map.Get(ext) != nil {
		return
	}
	switch kind {
	case "VirtualMachine":
		simulator.Map.Put(&extVM{Self: ext})
	case "VirtualMachineSnapshot":
		simulator.Map.Put(&extSnap{Self: ext})
	default:
		simulator.Map.Put(&extCluster{Self: ext})
	}
}

// authorized: a live session cookie, or the login's own user and password as Basic.
func authorized(svc *simulator.Service, r *http.Request) bool {
	if u, p, ok := r.BasicAuth(); ok {
		want, _ := svc.Listen.User.Password()
		return u == svc.Listen.User.Username() && p == want
	}
	const q = `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><RetrieveProperties xmlns="urn:vim25">` +
		`<_this type="PropertyCollector">propertyCollector</_this><specSet><propSet><type>SessionManager</type>` +
		`<pathSet>currentSession</pathSet></propSet><objectSet><obj type="SessionManager">SessionManager</obj></objectSet>` +
		`</specSet></RetrieveProperties></Body></Envelope>`
	req := httptest.NewRequest(http.MethodPost, "/sdk", strings.NewReader(q))
	for _, c := range r.Cookies() {
		c.Value = strings.Trim(c.Value, `"`)
		req.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	svc.ServeSDK(rec, req)
	return strings.Contains(rec.Body.String(), "<key>")
}

// cookieWriter gives the session cookie vCenter's form: quoted, with a path.
type cookieWriter struct{ http.ResponseWriter }

func (w *cookieWriter) WriteHeader(code int) {
	cookies := w.Header()["Set-Cookie"]
	for i, c := range cookies {
		if m := cookieRe.FindStringSubmatch(c); m != nil {
			seen.Store(m[1], true)
		}
		cookies[i] = cookieRe.ReplaceAllString(c, `vmware_soap_session="$1"; Path=/; HttpOnly; Secure`)
	}
	w.ResponseWriter.WriteHeader(code)
}

var anyThisRe = regexp.MustCompile(`<(?:[\w.-]+:)?_this\b[^>]*>\s*([^<\s]+)`)

var cookieRe = regexp.MustCompile(`^vmware_soap_session=([^;"]+).*$`)
