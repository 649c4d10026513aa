package main

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

const block = 64 << 10 // CBT grain

var (
	leaseTimeout int
	nfcStar      bool
	cbtPage      int64
	mu           sync.Mutex
	chains       = map[string]*chain{} // vm id + device key
	leases       sync.Map              // id -> *nfcLease
)

// chain is one virtual disk's files: files[i] is frozen by snaps[i]; the last one is live.
// Every file holds the full content (this peer's shortcut for a delta).
type chain struct {
	uuid   string
	seq    int
	nfile  int
	names  []string // datastore paths of the descriptors: "[ds] vm/vm.vmdk"
	snaps  []string // snapshot ids
	hashes map[string][]uint64
}

type extVM struct{ Self types.ManagedObjectReference }

func (e *extVM) Reference() types.ManagedObjectReference { return e.Self }
func (e *extVM) vm() *simulator.VirtualMachine {
	return simulator.Map.Get(types.ManagedObjectReference{Type: "VirtualMachine", Value: e.Self.Value}).(*simulator.VirtualMachine)
}

type extSnap struct{ Self types.ManagedObjectReference }

func (e *extSnap) Reference() types.ManagedObjectReference { return e.Self }
func (e *extSnap) snap() *simulator.VirtualMachineSnapshot {
	return simulator.Map.Get(types.ManagedObjectReference{Type: "VirtualMachineSnapshot", Value: e.Self.Value}).(*simulator.VirtualMachineSnapshot)
}

// sums are what a host tells of a stream that it has sent.
type sums struct {
	sha1, sha256 string
	size         int64
}

func sumFile(path string) sums {
	f, err := os.Open(path)
	if err != nil {
		return sums{}
	}
	defer f.Close()
	one, two := sha1.New(), sha256.New()
	n, _ := io.Copy(io.MultiWriter(one, two), f)
	return sums{hex.EncodeToString(one.Sum(nil)), hex.EncodeToString(two.Sum(nil)), n}
}

func copySparse(src, dst string) error {
	out, err := exec.Command("cp", "--sparse=always", "--reflink=auto", src, dst).CombinedOutput()
	if err != nil {
		return fmt.Errorf("cp: %s", out)
	}
	return nil
}

// dataFile maps "[ds] vm/x.vmdk" to the local file that has the bytes.
func dataFile(name string, i int) string {
	var p object.DatastorePath
	p.FromString(name)
	ext := "-flat.vmdk"
	if i > 0 {
		ext = "-delta.vmdk"
	}
	if ds := firstStore(p.Datastore); ds != nil {
		return filepath.Join(ds.Info.GetDatastoreInfo().Url, strings.TrimSuffix(p.Path, ".vmdk")+ext)
	}
	return ""
}

func disksOf(devs []types.BaseVirtualDevice) (res []*types.VirtualDisk) {
	for _, d := range devs {
		if v, ok := d.(*types.VirtualDisk); ok {
			if _, ok := v.Backing.(*types.VirtualDiskFlatVer2BackingInfo); ok {
				res = append(res, v)
			}
		}
	}
	return
}

func chainOf(vm string, d *types.VirtualDisk) *chain {
	k := fmt.Sprintf("%s/%d", vm, d.Key)
	c := chains[k]
	if c == nil {
		c = &chain{uuid: uuid.New().String(), hashes: map[string][]uint64{}}
		c.names = []string{d.Backing.(*types.VirtualDiskFlatVer2BackingInfo).FileName}
		chains[k] = c
	}
	return c
}

func hashFile(path string) ([]uint64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var res []uint64
	buf, zero := make([]byte, block), make([]byte, block)
	for {
		n, err := io.ReadFull(f, buf)
		if n > 0 {
			if string(buf[:n]) == string(zero[:n]) {
				res = append(res, 0)
			} else {
				h := fnv.New64a()
				h.Write(buf[:n])
				res = append(res, h.Sum64()|1)
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return res, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// CreateSnapshotTask freezes the disks: the VM goes on in a new file, the snapshot keeps the old one.
func (e *extVM) CreateSnapshotTask(ctx *simulator.Context, req *types.CreateSnapshot_Task) soap.HasFault {
	vm := e.vm()
	req.This = vm.Self
	mu.Lock()
	defer mu.Unlock()
	var res soap.HasFault
	ctx.Map.WithLock(vm, func() {
		cbt := vm.Config.ChangeTrackingEnabled != nil && *vm.Config.ChangeTrackingEnabled
		devs := vm.Config.Hardware.Device
		ids := map[int32]string{}
		for _, d := range disksOf(devs) {
			c := chainOf(vm.Self.Value, d)
			if cbt {
				c.seq++
				ids[d.Key] = fmt.Sprintf("%s/%d", c.uuid, c.seq)
				h, err := hashFile(dataFile(c.names[len(c.names)-1], len(c.names)-1))
				if err != nil {
					log.Print(err)
				}
				c.hashes[ids[d.Key]] = h
			}
		}
		// the snapshot's config shares device pointers with the VM's: give each its own disks
		next := make([]types.BaseVirtualDevice, len(devs))
		frozen := make([]types.BaseVirtualDevice, len(devs))
		for i, dev := range devs {
			next[i], frozen[i] = dev, dev
			d, ok := dev.(*types.VirtualDisk)
			if !ok {
				continue
			}
			b, ok := d.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
			if !ok {
				continue
			}
			c := chainOf(vm.Self.Value, d)
			fb, nb, fd, nd := *b, *b, *d, *d
			fb.ChangeId, nb.ChangeId = ids[d.Key], ids[d.Key]
			c.nfile++
			nb.FileName = strings.TrimSuffix(c.names[0], ".vmdk") + fmt.Sprintf("-%06d.vmdk", c.nfile)
			nb.Parent = &fb
			fd.Backing, nd.Backing = &fb, &nb
			frozen[i], next[i] = &fd, &nd
			n := len(c.names)
			dst := dataFile(nb.FileName, n)
			if err := copySparse(dataFile(c.names[n-1], n-1), dst); err != nil {
				log.Print(err)
			}
			_ = writeDescriptor(strings.TrimSuffix(dst, "-delta.vmdk")+".vmdk", filepath.Base(dst), d.CapacityInBytes)
			c.names = append(c.names, nb.FileName)
		}
		vm.Config.Hardware.Device = frozen
		res = vm.CreateSnapshotTask(req)
		vm.Config.Hardware.Device = next
		t := ctx.Map.Get(res.(*methods.CreateSnapshot_TaskBody).Res.Returnval).(*simulator.Task)
		if ref, ok := t.Info.Result.(types.ManagedObjectReference); ok {
			for _, d := range disksOf(next) {
				c := chainOf(vm.Self.Value, d)
				c.snaps = append(c.snaps, ref.Value)
			}
		}
	})
	return res
}

// merge drops a removed snapshot from the chains and folds the next file into its file.
func merge(vm *simulator.VirtualMachine, snap string) {
	for _, d := range disksOf(vm.Config.Hardware.Device) {
		c := chainOf(vm.Self.Value, d)
		for i, s := range c.snaps {
			if s != snap {
				continue
			}
			old := dataFile(c.names[i+1], i+1)
			if err := os.Rename(old, dataFile(c.names[i], i)); err != nil {
				log.Print(err)
			}
			_ = os.Remove(strings.TrimSuffix(old, "-delta.vmdk") + ".vmdk")
			c.snaps = append(c.snaps[:i], c.snaps[i+1:]...)
			c.names = append(c.names[:i+1], c.names[i+2:]...)
			b := d.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
			b.FileName = c.names[len(c.names)-1]
			if len(c.snaps) == 0 {
				b.Parent = nil
			}
			break
		}
	}
}

func (e *extSnap) RemoveSnapshotTask(ctx *simulator.Context, req *types.RemoveSnapshot_Task) soap.HasFault {
	s := e.snap()
	vm := ctx.Map.Get(s.Vm).(*simulator.VirtualMachine)
	req.This = s.Self
	res := s.RemoveSnapshotTask(ctx, req)
	mu.Lock()
	defer mu.Unlock()
	ctx.Map.WithLock(vm, func() { merge(vm, s.Self.Value) })
	ctx.Map.Remove(e.Self)
	return res
}

func (e *extVM) RemoveAllSnapshotsTask(ctx *simulator.Context, req *types.RemoveAllSnapshots_Task) soap.HasFault {
	vm := e.vm()
	req.This = vm.Self
	mu.Lock()
	defer mu.Unlock()
	var res soap.HasFault
	ctx.Map.WithLock(vm, func() {
		caller := ctx.Caller
		ctx.Caller = &vm.Self // vm is locked here
		res = vm.RemoveAllSnapshotsTask(ctx, req)
		ctx.Caller = caller
		for _, d := range disksOf(vm.Config.Hardware.Device) {
			c := chainOf(vm.Self.Value, d)
			for len(c.snaps) > 0 {
				merge(vm, c.snaps[len(c.snaps)-1])
			}
		}
	})
	return res
}

func (e *extVM) ConsolidateVMDisksTask(ctx *simulator.Context, req *types.ConsolidateVMDisks_Task) soap.HasFault {
	t := simulator.CreateTask(e.vm(), "consolidateVMDisks", func(*simulator.Task) (types.AnyType, types.BaseMethodFault) { return nil, nil })
	return &methods.ConsolidateVMDisks_TaskBody{Res: &types.ConsolidateVMDisks_TaskResponse{Returnval: t.Run()}}
}

// QueryChangedDiskAreas compares real bytes, in 64 KiB blocks, at the changeId and at the snapshot.
func (e *extVM) QueryChangedDiskAreas(ctx *simulator.Context, req *types.QueryChangedDiskAreas) soap.HasFault {
	body := new(methods.QueryChangedDiskAreasBody)
	bad := func(what string) soap.HasFault {
		body.Fault_ = simulator.Fault("A specified parameter was not correct: "+what, &types.InvalidArgument{InvalidProperty: what})
		return body
	}
	mu.Lock()
	defer mu.Unlock()
	vm := e.vm()
	if vm.Config.ChangeTrackingEnabled == nil || !*vm.Config.ChangeTrackingEnabled {
		return bad("changeId")
	}
	var disk *types.VirtualDisk
	for _, d := range disksOf(vm.Config.Hardware.Device) {
		if d.Key == req.DeviceKey {
			disk = d
		}
	}
	if disk == nil {
		return bad("deviceKey")
	}
	c := chainOf(vm.Self.Value, disk)
	at := len(c.names) - 1
	if req.Snapshot != nil {
		at = -1
		for i, s := range c.snaps {
			if s == req.Snapshot.Value {
				at = i
			}
		}
		if at < 0 {
			return bad("snapshot")
		}
	}
	if req.StartOffset < 0 || req.StartOffset >= disk.CapacityInBytes {
		return bad("startOffset")
	}
	now, err := hashFile(dataFile(c.names[at], at))
	if err != nil {
		body.Fault_ = simulator.Fault(err.Error(), &types.FileFault{File: c.names[at]})
		return body
	}
	then := make([]uint64, len(now)) // "*": every allocated area
	if req.ChangeId != "*" {
		var ok bool
		if then, ok = c.hashes[req.ChangeId]; !ok {
			return bad("changeId")
		}
	}
	end := disk.CapacityInBytes
	if cbtPage > 0 && req.StartOffset+cbtPage < end {
		end = req.StartOffset + cbtPage
	}
	info := types.DiskChangeInfo{StartOffset: req.StartOffset, Length: end - req.StartOffset}
	for i := range now {
		if i < len(then) && now[i] == then[i] {
			continue
		}
		from, to := int64(i)*block, int64(i+1)*block
		if from < req.StartOffset {
			from = req.StartOffset
		}
		if to > end {
			to = end
		}
		if from >= to {
			continue
		}
		if n := len(info.ChangedArea); n > 0 && info.ChangedArea[n-1].Start+info.ChangedArea[n-1].Length == from {
			info.ChangedArea[n-1].Length += to - from
		} else {
			info.ChangedArea = append(info.ChangedArea, types.DiskChangeExtent{Start: from, Length: to - from})
		}
	}
	body.Res = &types.QueryChangedDiskAreasResponse{Returnval: info}
	return body
}

// nfcLease is our own lease type: the simulator's has private files, and its GET panics in 0.24.2.
type nfcLease struct {
	mo.HttpNfcLease
	dir   string
	timer *time.Timer
	files map[string]string
	wants map[string]string // algorithm asked for, by key
}

func (e *extVM) ExportVm(ctx *simulator.Context, req *types.ExportVm) soap.HasFault {
	body := new(methods.ExportVmBody)
	vm := e.vm()
	if vm.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOff {
		body.Fault_ = simulator.Fault("The operation cannot be performed in the current power state",
			&types.InvalidPowerState{RequestedState: types.VirtualMachinePowerStatePoweredOff, ExistingState: vm.Runtime.PowerState})
		return body
	}
	body.Res = &types.ExportVmResponse{Returnval: newLease(vm, "")}
	return body
}

func (e *extSnap) ExportSnapshot(ctx *simulator.Context, req *types.ExportSnapshot) soap.HasFault {
	s := e.snap()
	vm := ctx.Map.Get(s.Vm).(*simulator.VirtualMachine)
	return &methods.ExportSnapshotBody{Res: &types.ExportSnapshotResponse{Returnval: newLease(vm, s.Self.Value)}}
}

func nfcBase() string {
	if !nfcStar {
		return base
	}
	return "https://*" + base[strings.LastIndex(base, ":"):]
}

func newLease(vm *simulator.VirtualMachine, snap string) types.ManagedObjectReference {
	id := "session[" + uuid.New().String() + "]" + uuid.New().String()
	l := &nfcLease{files: map[string]string{}}
	l.Self = types.ManagedObjectReference{Type: "HttpNfcLease", Value: id}
	l.State, l.Mode = types.HttpNfcLeaseStateInitializing, "pushOrGet"
	simulator.Map.Put(l)
	leases.Store(id, l)
	go l.prepare(vm, snap)
	return l.Self
}

func (l *nfcLease) set(changes ...types.PropertyChange) {
	simulator.Map.WithLock(l, func() { simulator.Map.Update(l, changes) })
}

func (l *nfcLease) fail(f types.BaseMethodFault, msg string) {
	l.set(types.PropertyChange{Name: "error", Val: types.LocalizedMethodFault{Fault: f, LocalizedMessage: msg}},
		types.PropertyChange{Name: "state", Val: types.HttpNfcLeaseStateError})
	l.end()
}

func (l *nfcLease) prepare(vm *simulator.VirtualMachine, snap string) {
	dir, err := os.MkdirTemp("", "nfc-")
	if err != nil {
		l.fail(new(types.SystemError), err.Error())
		return
	}
	l.dir = dir
	info := types.HttpNfcLeaseInfo{Lease: l.Self, Entity: vm.Self, LeaseTimeout: int32(leaseTimeout)}
	for i, d := range disksOf(vm.Config.Hardware.Device) {
		mu.Lock()
		c := chainOf(vm.Self.Value, d)
		at := len(c.names) - 1
		for j, s := range c.snaps {
			if s == snap {
				at = j
			}
		}
		src := dataFile(c.names[at], at)
		mu.Unlock()
		name := fmt.Sprintf("disk-%d.vmdk", i)
		if err = streamOf(src, filepath.Join(dir, name)); err != nil {
			l.fail(&types.FileFault{File: c.names[at]}, err.Error())
			return
		}
		l.files[name] = filepath.Join(dir, name)
		place := placeOf(vm, d)
		st, _ := os.Stat(l.files[name])
		info.TotalDiskCapacityInKB += d.CapacityInKB
		info.DeviceUrl = append(info.DeviceUrl, types.HttpNfcLeaseDeviceUrl{
			Key: "/" + vm.Self.Value + "/" + place, ImportKey: "/" + vm.Name + "/" + place,
			Url: nfcBase() + "/nfc/" + l.Self.Value + "/" + name, Disk: types.NewBool(true), TargetId: name, FileSize: st.Size(),
		})
	}
	l.timer = time.AfterFunc(time.Duration(leaseTimeout)*time.Second, func() { l.fail(new(types.Timedout), "lease timed out") })
	l.set(types.PropertyChange{Name: "info", Val: info}, types.PropertyChange{Name: "initializeProgress", Val: int32(100)},
		types.PropertyChange{Name: "state", Val: types.HttpNfcLeaseStateReady})
}

// placeOf names a disk as leases and descriptors do: "ParaVirtualSCSIController0:1".
func placeOf(vm *simulator.VirtualMachine, d *types.VirtualDisk) string {
	ctl, unit := "VirtualLsiLogicController0", int32(0)
	for _, dev := range vm.Config.Hardware.Device {
		if c, ok := dev.(types.BaseVirtualController); ok && c.GetVirtualController().Key == d.ControllerKey {
			ctl = fmt.Sprintf("%T%d", dev, c.GetVirtualController().BusNumber)[len("*types."):]
		}
	}
	if d.UnitNumber != nil {
		unit = *d.UnitNumber
	}
	return fmt.Sprintf("%s:%d", ctl, unit)
}

// streamOf makes the stream of a disk file, or takes the one that was made of the same content before: what a host does in no time is not to be waited for.
func streamOf(src, dst string) error {
	st, err := os.Stat(src)
	if err != nil {
		return err
	}
	key := fmt.Sprintf("%s %d %d", src, st.Size(), st.ModTime().UnixNano())
	streamMu.Lock()
	defer streamMu.Unlock()
	if made, ok := streams[src]; ok && made.key == key {
		return os.Link(made.file, dst)
	}
	if err = writeStream(src, dst); err != nil {
		return err
	}
	if streamDir == "" {
		if streamDir, err = os.MkdirTemp("", "nfc-cache-"); err != nil {
			return err
		}
	}
	if old, ok := streams[src]; ok {
		_ = os.Remove(old.file)
	}
	file := filepath.Join(streamDir, uuid.New().String())
	if err = os.Link(dst, file); err != nil {
		return err
	}
	streams[src] = stream{key, file, sumFile(dst)}
	return nil
}

type stream struct {
	key, file string
	sums      sums
}

var (
	streamMu  sync.Mutex
	streamDir string
	streams   = map[string]stream{} // by the disk file it was made of
)

// sumsOf gives the checksums of a stream, known since it was made.
func sumsOf(path string) sums {
	st, err := os.Stat(path)
	if err == nil {
		streamMu.Lock()
		defer streamMu.Unlock()
		for _, s := range streams {
			if other, err := os.Stat(s.file); err == nil && os.SameFile(st, other) {
				return s.sums
			}
		}
	}
	return sumFile(path)
}

func (l *nfcLease) end() {
	leases.Delete(l.Self.Value)
	if l.timer != nil {
		l.timer.Stop()
	}
	if l.dir != "" {
		_ = os.RemoveAll(l.dir)
	}
}

func (l *nfcLease) HttpNfcLeaseProgress(ctx *simulator.Context, req *types.HttpNfcLeaseProgress) soap.HasFault {
	if l.State != types.HttpNfcLeaseStateReady {
		return &methods.HttpNfcLeaseProgressBody{Fault_: simulator.Fault("The lease is not ready", new(types.Timedout))}
	}
	l.timer.Reset(time.Duration(leaseTimeout) * time.Second)
	simulator.Map.Update(l, []types.PropertyChange{{Name: "transferProgress", Val: req.Percent}})
	return &methods.HttpNfcLeaseProgressBody{Res: new(types.HttpNfcLeaseProgressResponse)}
}

func (l *nfcLease) HttpNfcLeaseComplete(ctx *simulator.Context, req *types.HttpNfcLeaseComplete) soap.HasFault {
	simulator.Map.Update(l, []types.PropertyChange{{Name: "state", Val: types.HttpNfcLeaseStateDone}})
	l.end()
	return &methods.HttpNfcLeaseCompleteBody{Res: new(types.HttpNfcLeaseCompleteResponse)}
}

func (l *nfcLease) HttpNfcLeaseAbort(ctx *simulator.Context, req *types.HttpNfcLeaseAbort) soap.HasFault {
	simulator.Map.Update(l, []types.PropertyChange{{Name: "state", Val: types.HttpNfcLeaseStateError}})
	l.end()
	return &methods.HttpNfcLeaseAbortBody{Res: new(types.HttpNfcLeaseAbortResponse)}
}

// serveNFC streams a disk as a host does: chunked, no Content-Length, no ranges.
func serveNFC(w http.ResponseWriter, r *http.Request) bool {
	p := strings.Split(strings.TrimPrefix(r.URL.Path, "/nfc/"), "/")
	v, ok := leases.Load(p[0])
	if !ok && r.Method != http.MethodGet {
		return false
	}
	if !ok || len(p) != 2 || v.(*nfcLease).files[p[1]] == "" {
		http.NotFound(w, r)
		return true
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return true
	}
	f, err := os.Open(v.(*nfcLease).files[p[1]])
	if err != nil {
		http.NotFound(w, r)
		return true
	}
	defer f.Close()
	w.Header().Set("Content-Type", "application/x-vnd.vmware-streamVmdk")
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		w.(http.Flusher).Flush()
		_, _ = io.Copy(w, f)
	}
	return true
}
