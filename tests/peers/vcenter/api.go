package main

import (
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// ReconfigVMTask completes what a sparse edit leaves out: 0.24.2 dereferences a nil DeviceInfo.
func (e *extVM) ReconfigVMTask(ctx *simulator.Context, req *types.ReconfigVM_Task) soap.HasFault {
	vm := e.vm()
	req.This = vm.Self
	for _, c := range req.Spec.DeviceChange {
		spec := c.GetVirtualDeviceConfigSpec()
		if spec.Device == nil {
			continue
		}
		d := spec.Device.GetVirtualDevice()
		for _, old := range vm.Config.Hardware.Device {
			o := old.GetVirtualDevice()
			if o.Key != d.Key || spec.Operation != types.VirtualDeviceConfigSpecOperationEdit {
				continue
			}
			if d.DeviceInfo == nil {
				info := *o.DeviceInfo.GetDescription()
				d.DeviceInfo = &info
			}
			if d.Backing == nil {
				d.Backing = o.Backing
			}
			if d.Connectable == nil {
				d.Connectable = o.Connectable
			}
			if d.UnitNumber == nil {
				d.UnitNumber = o.UnitNumber
			}
			if d.ControllerKey == 0 {
				d.ControllerKey = o.ControllerKey
			}
		}
	}
	var res soap.HasFault
	ctx.Map.WithLock(vm, func() { res = vm.ReconfigVMTask(ctx, req) })
	return res
}

func (e *extVM) RebootGuest(ctx *simulator.Context, req *types.RebootGuest) soap.HasFault {
	if s := e.vm().Runtime.PowerState; s != types.VirtualMachinePowerStatePoweredOn {
		return &methods.RebootGuestBody{Fault_: simulator.Fault("", &types.InvalidPowerState{RequestedState: "poweredOn", ExistingState: s})}
	}
	return &methods.RebootGuestBody{Res: new(types.RebootGuestResponse)}
}

// stubborn machines take note of a shutdown and go on.
var stubborn sync.Map

func (e *extVM) ShutdownGuest(ctx *simulator.Context, req *types.ShutdownGuest) soap.HasFault {
	vm := e.vm()
	req.This = vm.Self
	if vm.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOn {
		return &methods.ShutdownGuestBody{Fault_: simulator.Fault("", &types.InvalidPowerState{RequestedState: types.VirtualMachinePowerStatePoweredOn, ExistingState: vm.Runtime.PowerState})}
	}
	if vm.Guest.ToolsRunningStatus != string(types.VirtualMachineToolsRunningStatusGuestToolsRunning) {
		return &methods.ShutdownGuestBody{Fault_: simulator.Fault("VMware Tools is not running", new(types.ToolsUnavailable))}
	}
	if _, no := stubborn.Load(vm.Name); no {
		return &methods.ShutdownGuestBody{Res: new(types.ShutdownGuestResponse)}
	}
	var res soap.HasFault
	ctx.Map.WithLock(vm, func() { res = vm.ShutdownGuest(ctx, req) })
	return res
}

func (e *extVM) TurnOffFaultToleranceForVMTask(ctx *simulator.Context, req *types.TurnOffFaultToleranceForVM_Task) soap.HasFault {
	vm := e.vm()
	t := simulator.CreateTask(vm, "turnOffFaultToleranceForVM", func(*simulator.Task) (types.AnyType, types.BaseMethodFault) {
		if vm.Config.FtInfo == nil {
			return nil, new(types.InvalidState)
		}
		ctx.Map.WithLock(vm, func() {
			vm.Config.FtInfo = nil
			ctx.Map.Update(vm, []types.PropertyChange{{Name: "runtime.faultToleranceState", Val: types.VirtualMachineFaultToleranceStateNotConfigured}})
		})
		return nil, nil
	})
	return &methods.TurnOffFaultToleranceForVM_TaskBody{Res: &types.TurnOffFaultToleranceForVM_TaskResponse{Returnval: t.Run()}}
}

type extCluster struct{ Self types.ManagedObjectReference }

func (e *extCluster) Reference() types.ManagedObjectReference { return e.Self }

func (e *extCluster) FindRulesForVm(ctx *simulator.Context, req *types.FindRulesForVm) soap.HasFault {
	c := ctx.Map.Get(types.ManagedObjectReference{Type: "ClusterComputeResource", Value: e.Self.Value}).(*simulator.ClusterComputeResource)
	res := new(types.FindRulesForVmResponse)
	cfg := c.ConfigurationEx.(*types.ClusterConfigInfoEx)
	for _, r := range cfg.Rule {
		var vms []types.ManagedObjectReference
		switch x := r.(type) {
		case *types.ClusterAffinityRuleSpec:
			vms = x.Vm
		case *types.ClusterAntiAffinityRuleSpec:
			vms = x.Vm
		case *types.ClusterVmHostRuleInfo:
			for _, g := range cfg.Group {
				if vg, ok := g.(*types.ClusterVmGroup); ok && vg.Name == x.VmGroupName {
					vms = vg.Vm
				}
			}
		}
		for _, ref := range vms {
			if ref == req.Vm {
				res.Returnval = append(res.Returnval, r)
			}
		}
	}
	return &methods.FindRulesForVmBody{Res: res}
}

// pagingCollector honours maxObjects, which 0.24.2 ignores, so that a client's
// ContinueRetrievePropertiesEx loop is exercised.
type pagingCollector struct {
	simulator.PropertyCollector
}

var (
	pageMu sync.Mutex
	pages  = map[string][]types.ObjectContent{}
	sizes  = map[string]int{}
)

// stillRunning shows tasks that have just ended as running, as real ones are for a while.
func stillRunning(objs []types.ObjectContent) {
	ms := atomic.LoadInt64(&taskMs)
	if ms == 0 {
		return
	}
	for _, o := range objs {
		for i, p := range o.PropSet {
			info, ok := p.Val.(types.TaskInfo)
			if !ok || info.CompleteTime == nil || time.Since(*info.CompleteTime) > time.Duration(ms)*time.Millisecond {
				continue
			}
			info.State, info.Result, info.Error, info.CompleteTime, info.Progress = types.TaskInfoStateRunning, nil, nil, nil, 50
			o.PropSet[i].Val = info
		}
	}
}

func cut(objs []types.ObjectContent, max int) *types.RetrieveResult {
	if max <= 0 || len(objs) <= max {
		return &types.RetrieveResult{Objects: objs}
	}
	pageMu.Lock()
	defer pageMu.Unlock()
	t := uuid.New().String()
	pages[t], sizes[t] = objs[max:], max
	return &types.RetrieveResult{Objects: objs[:max], Token: t}
}

func (p *pagingCollector) RetrievePropertiesEx(ctx *simulator.Context, req *types.RetrievePropertiesEx) soap.HasFault {
	res := p.PropertyCollector.RetrievePropertiesEx(ctx, req)
	if b, ok := res.(*methods.RetrievePropertiesExBody); ok && b.Res != nil && b.Res.Returnval != nil {
		stillRunning(b.Res.Returnval.Objects)
		b.Res.Returnval = cut(b.Res.Returnval.Objects, int(req.Options.MaxObjects))
	}
	return res
}

func (p *pagingCollector) ContinueRetrievePropertiesEx(req *types.ContinueRetrievePropertiesEx) soap.HasFault {
	pageMu.Lock()
	objs, ok := pages[req.Token]
	max := sizes[req.Token]
	delete(pages, req.Token)
	delete(sizes, req.Token)
	pageMu.Unlock()
	if !ok {
		return &methods.ContinueRetrievePropertiesExBody{Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: "token"})}
	}
	return &methods.ContinueRetrievePropertiesExBody{Res: &types.ContinueRetrievePropertiesExResponse{Returnval: *cut(objs, max)}}
}

func (p *pagingCollector) CancelRetrievePropertiesEx(req *types.CancelRetrievePropertiesEx) soap.HasFault {
	pageMu.Lock()
	delete(pages, req.Token)
	pageMu.Unlock()
	return &methods.CancelRetrievePropertiesExBody{Res: new(types.CancelRetrievePropertiesExResponse)}
}

func installPaging() {
	p := new(pagingCollector)
	p.Self = types.ManagedObjectReference{Type: "PropertyCollector", Value: "propertyCollector"}
	simulator.Map.Put(p)
}

func (l *nfcLease) HttpNfcLeaseGetManifest(ctx *simulator.Context, req *types.HttpNfcLeaseGetManifest) soap.HasFault {
	res := new(types.HttpNfcLeaseGetManifestResponse)
	if l.Info != nil {
		for _, u := range l.Info.DeviceUrl {
			sums := sumsOf(l.files[u.TargetId])
			entry := types.HttpNfcLeaseManifestEntry{Key: u.Key, Sha1: sums.sha1, Size: sums.size, Disk: true, Capacity: 1024 * l.Info.TotalDiskCapacityInKB / int64(len(l.Info.DeviceUrl))}
			if l.wants[u.Key] == "sha256" && nfcSums == "sha256" {
				entry.Sha1, entry.Checksum, entry.ChecksumType = "", sums.sha256, "sha256"
			}
			res.Returnval = append(res.Returnval, entry)
		}
	}
	return &methods.HttpNfcLeaseGetManifestBody{Res: res}
}

// HttpNfcLeaseSetManifestChecksumType is new in vSphere 6.7.
func (l *nfcLease) HttpNfcLeaseSetManifestChecksumType(ctx *simulator.Context, req *types.HttpNfcLeaseSetManifestChecksumType) soap.HasFault {
	if nfcSums == "sha1" {
		return &methods.HttpNfcLeaseSetManifestChecksumTypeBody{Fault_: simulator.Fault("", &types.MethodNotFound{Receiver: l.Self, Method: "HttpNfcLeaseSetManifestChecksumType"})}
	}
	l.wants = map[string]string{}
	for _, kv := range req.DeviceUrlsToChecksumTypes {
		l.wants[kv.Key] = kv.Value
	}
	return &methods.HttpNfcLeaseSetManifestChecksumTypeBody{Res: new(types.HttpNfcLeaseSetManifestChecksumTypeResponse)}
}

// nfcSums: sha256 (as hosts from 6.7 on), sha1 (as older ones), ignored (the wish is taken and not fulfilled).
var nfcSums string

// dressVM fills properties that vCenter always has and 0.24.2 leaves out.
func dressVM(vm *simulator.VirtualMachine, o map[string]string) {
	no := types.NewBool(false)
	vm.Config.ChangeTrackingEnabled, vm.Runtime.ConsolidationNeeded = no, no
	vm.Config.CpuHotAddEnabled, vm.Config.MemoryHotAddEnabled = no, no
	vm.Config.BootOptions.EfiSecureBootEnabled = types.NewBool(o["secureboot"] == "on")
	vm.Config.Annotation = o["note"]
	vm.Capability.ChangeTrackingSupported = types.NewBool(true)
	vm.Runtime.FaultToleranceState = types.VirtualMachineFaultToleranceStateNotConfigured
	vm.Runtime.DasVmProtection = &types.VirtualMachineRuntimeInfoDasProtectionState{DasProtected: false}
	if o["ft"] == "on" {
		vm.Runtime.FaultToleranceState = types.VirtualMachineFaultToleranceStateRunning
		vm.Config.FtInfo = &types.FaultTolerancePrimaryConfigInfo{FaultToleranceConfigInfo: types.FaultToleranceConfigInfo{Role: 1, InstanceUuids: []string{vm.Config.InstanceUuid}, ConfigPaths: []string{vm.Config.Files.VmPathName}}}
	}
	if o["fullname"] != "" {
		vm.Config.GuestFullName = o["fullname"]
		vm.Guest.GuestFullName = o["fullname"]
	}
	vm.Guest.ToolsVersion = "12352"
	if o["stubborn"] == "on" {
		stubborn.Store(vm.Name, true)
	}
	if o["tools"] == "off" {
		vm.Guest.ToolsStatus, vm.Summary.Guest.ToolsStatus = types.VirtualMachineToolsStatusToolsNotInstalled, types.VirtualMachineToolsStatusToolsNotInstalled
		vm.Guest.ToolsRunningStatus, vm.Guest.ToolsVersion = string(types.VirtualMachineToolsRunningStatusGuestToolsNotRunning), "0"
		vm.Summary.Guest.ToolsRunningStatus = vm.Guest.ToolsRunningStatus
		vm.Guest.ToolsVersionStatus2, vm.Guest.GuestState = "guestToolsNotInstalled", "notRunning"
		vm.Guest.GuestOperationsReady, vm.Guest.HostName, vm.Guest.IpAddress = no, "", ""
		vm.Guest.Net = nil
	}
	if n := len(vm.Guest.Net); n > 0 {
		vm.Guest.Net[0].IpAddress = []string{vm.Guest.IpAddress}
	}
	size, _ := strconv.ParseInt(o["used"], 10, 64)
	vm.Guest.Disk = []types.GuestDiskInfo{{DiskPath: "/", Capacity: 1 << 30, FreeSpace: 1<<30 - size}}
}
