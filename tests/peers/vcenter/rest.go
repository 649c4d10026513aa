package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vapi/rest"
	"github.com/vmware/govmomi/vapi/tags"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/types"
)

// The simulator has the REST API in its old form (/rest, values wrapped in "value") and takes any password. Here it gets the passwords right,
// the newer form (/api, values bare), and takes the cookie of a SOAP session as vCenter 7 and later do.

const restID = "vmware-api-session-id"

var (
	restOnlyOld bool // -rest-old: no /api, as before 7.0 U2
	restMu      sync.Mutex
	restInner   string // the session that stands for SOAP sessions
)

type answer struct {
	h    http.Header
	code int
	body bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.h }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }
func (a *answer) WriteHeader(code int)        { a.code = code }

func serveREST(svc *simulator.Service, next http.Handler, w http.ResponseWriter, r *http.Request) {
	isNew := strings.HasPrefix(r.URL.Path, "/api/")
	if isNew && restOnlyOld {
		http.NotFound(w, r)
		return
	}
	login := r.Method == http.MethodPost && (r.URL.Path == "/api/session" || r.URL.Path == "/rest/com/vmware/cis/session")
	if login {
		u, p, ok := r.BasicAuth()
		want, _ := svc.Listen.User.Password()
		if !ok || u != svc.Listen.User.Username() || p != want {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
	}
	if id := r.Header.Get(restID); id != "" {
		probe := httptest.NewRequest(http.MethodGet, "/folder/", nil)
		probe.AddCookie(&http.Cookie{Name: "vmware_soap_session", Value: id})
		if _, gone := revoked.Load(id); !gone && authorized(svc, probe) {
			r.Header.Set(restID, innerSession(next))
		}
	}
	if !isNew {
		next.ServeHTTP(w, r)
		return
	}
	old(r)
	a := &answer{h: http.Header{}, code: http.StatusOK}
	next.ServeHTTP(a, r)
	var v struct {
		Value json.RawMessage `json:"value"`
	}
	w.Header().Set("Content-Type", "application/json")
	if login && a.code == http.StatusOK {
		a.code = http.StatusCreated
	}
	w.WriteHeader(a.code)
	if json.Unmarshal(a.body.Bytes(), &v) == nil && v.Value != nil {
		_, _ = w.Write(v.Value)
	}
}

// old makes of a request in the new form one in the old form.
func old(r *http.Request) {
	p := strings.TrimPrefix(r.URL.Path, "/api")
	if p == "/session" {
		r.URL.Path = "/rest/com/vmware/cis/session"
		return
	}
	parts := strings.SplitN(strings.TrimPrefix(p, "/cis/tagging/"), "/", 2)
	r.URL.Path = "/rest/com/vmware/cis/tagging/" + parts[0]
	if len(parts) == 2 {
		r.URL.Path += "/id:" + parts[1]
	}
	if a := r.URL.Query().Get("action"); a != "" {
		r.URL.RawQuery = url.Values{"~action": {a}}.Encode()
	}
}

func innerSession(next http.Handler) string {
	restMu.Lock()
	defer restMu.Unlock()
	if restInner == "" {
		req := httptest.NewRequest(http.MethodPost, "/rest/com/vmware/cis/session", nil)
		req.SetBasicAuth("inner", "inner")
		a := &answer{h: http.Header{}}
		next.ServeHTTP(a, req)
		var v struct {
			Value string `json:"value"`
		}
		_ = json.Unmarshal(a.body.Bytes(), &v)
		restInner = v.Value
	}
	return restInner
}

// addTags makes tags and attaches them: "category/tag" of a machine.
func addTags(ctx context.Context, c *vim25.Client, user *url.Userinfo, wanted map[types.ManagedObjectReference][]string) error {
	if len(wanted) == 0 {
		return nil
	}
	rc := rest.NewClient(c)
	if err := rc.Login(ctx, user); err != nil {
		return err
	}
	defer func() { _ = rc.Logout(ctx) }()
	m := tags.NewManager(rc)
	categories, ids := map[string]string{}, map[string]string{}
	for ref, names := range wanted {
		for _, name := range names {
			p := strings.SplitN(name, "/", 2)
			if len(p) != 2 {
				return fmt.Errorf("tag %s: write category/tag", name)
			}
			var err error
			if categories[p[0]] == "" {
				if categories[p[0]], err = m.CreateCategory(ctx, &tags.Category{Name: p[0], Cardinality: "MULTIPLE", AssociableTypes: []string{"VirtualMachine"}}); err != nil {
					return err
				}
			}
			if ids[name] == "" {
				if ids[name], err = m.CreateTag(ctx, &tags.Tag{Name: p[1], CategoryID: categories[p[0]]}); err != nil {
					return err
				}
			}
			if ref.Value == "" { // only made
				continue
			}
			if err = m.AttachTag(ctx, ids[name], ref); err != nil {
				return err
			}
		}
	}
	return nil
}
