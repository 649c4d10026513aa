package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"

	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// clusterFacts, when given, replaces what setupCluster made of DC0_C0's rules: a JSON text of the type below.
var clusterFacts = flag.String("cluster", "", `facts of the first cluster as JSON: {"evc":"intel-skylake","dpm":true,"isolation":"shutdown","monitoring":"vmMonitoringOnly",`+
	`"rules":[{"name":"apart","kind":"apart|together|on|noton|depends","vms":["web01","web02"],"hosts":["DC0_C0_H0"],"after":["db01"],"must":true,"off":false}],`+
	`"overrides":[{"vm":"db01","priority":"high","isolation":"none","monitoring":"vmMonitoringDisabled","drs":"manual","delay":30}],`+
	`"pools":[{"name":"gold","shares":"high","reservation":1000,"limit":2000}],"vapps":[{"name":"shop","entries":[{"vm":"db01","order":1,"delay":60,"wait":true,"stop":"guestShutdown"}]}]}`)

type facts struct {
	Evc, Isolation, Monitoring string
	Dpm                        bool
	Rules                      []struct {
		Name, Kind        string
		Vms, Hosts, After []string
		Must, Off         bool
	}
	Overrides []struct {
		Vm, Priority, Isolation, Monitoring, Drs string
		Delay                                    int32
	}
	Pools []struct {
		Name, Shares       string
		Reservation, Limit int64
	}
	Vapps []struct {
		Name    string
		Entries []struct {
			Vm, Stop     string
			Order, Delay int32
			Wait         bool
		}
	}
}

// dressCluster puts the facts in place: 0.24.2's Reconfigure knows neither HA settings nor dependencies nor readiness.
func dressCluster(ctx context.Context, f *find.Finder) error {
	if *clusterFacts == "" {
		return nil
	}
	var want facts
	if err := json.Unmarshal([]byte(*clusterFacts), &want); err != nil {
		return fmt.Errorf("-cluster: %w", err)
	}
	cl, err := f.ClusterComputeResource(ctx, "DC0_C0")
	if err != nil {
		return err
	}
	c := simulator.Map.Get(cl.Reference()).(*simulator.ClusterComputeResource)
	cfg := c.ConfigurationEx.(*types.ClusterConfigInfoEx)
	c.Summary.(*types.ClusterComputeResourceSummary).CurrentEVCModeKey = want.Evc
	cfg.DpmConfigInfo = &types.ClusterDpmConfigInfo{Enabled: types.NewBool(want.Dpm)}
	cfg.DrsConfig.VmotionRate = 3
	cfg.DasConfig.VmMonitoring = want.Monitoring
	cfg.DasConfig.DefaultVmSettings.IsolationResponse = want.Isolation
	dressRules(cfg, want)
	dressOverrides(cfg, want)
	return dressPools(ctx, f, want)
}

func dressRules(cfg *types.ClusterConfigInfoEx, want facts) {
	cfg.Rule, cfg.Group = nil, nil
	group := func(name string, vms []string) string {
		cfg.Group = append(cfg.Group, &types.ClusterVmGroup{ClusterGroupInfo: types.ClusterGroupInfo{Name: name}, Vm: named("VirtualMachine", vms)})
		return name
	}
	hosts := func(name string, list []string) string {
		cfg.Group = append(cfg.Group, &types.ClusterHostGroup{ClusterGroupInfo: types.ClusterGroupInfo{Name: name}, Host: named("HostSystem", list)})
		return name
	}
	for i, r := range want.Rules {
		info := types.ClusterRuleInfo{Key: int32(i + 1), Name: r.Name, Enabled: types.NewBool(!r.Off), Mandatory: types.NewBool(r.Must), UserCreated: types.NewBool(true)}
		switch r.Kind {
		case "apart":
			cfg.Rule = append(cfg.Rule, &types.ClusterAntiAffinityRuleSpec{ClusterRuleInfo: info, Vm: named("VirtualMachine", r.Vms)})
		case "together":
			cfg.Rule = append(cfg.Rule, &types.ClusterAffinityRuleSpec{ClusterRuleInfo: info, Vm: named("VirtualMachine", r.Vms)})
		case "on":
			cfg.Rule = append(cfg.Rule, &types.ClusterVmHostRuleInfo{ClusterRuleInfo: info, VmGroupName: group(r.Name+"-vms", r.Vms), AffineHostGroupName: hosts(r.Name+"-hosts", r.Hosts)})
		case "noton":
			cfg.Rule = append(cfg.Rule, &types.ClusterVmHostRuleInfo{ClusterRuleInfo: info, VmGroupName: group(r.Name+"-vms", r.Vms), AntiAffineHostGroupName: hosts(r.Name+"-hosts", r.Hosts)})
		case "depends":
			cfg.Rule = append(cfg.Rule, &types.ClusterDependencyRuleInfo{ClusterRuleInfo: info, VmGroup: group(r.Name+"-vms", r.Vms), DependsOnVmGroup: group(r.Name+"-after", r.After)})
		}
	}
}

func dressOverrides(cfg *types.ClusterConfigInfoEx, want facts) {
	cfg.DasVmConfig, cfg.DrsVmConfig, cfg.VmOrchestration = nil, nil, nil
	for _, o := range want.Overrides {
		vm := named("VirtualMachine", []string{o.Vm})[0]
		if o.Priority != "" || o.Isolation != "" || o.Monitoring != "" {
			das := &types.ClusterDasVmSettings{RestartPriority: o.Priority, IsolationResponse: o.Isolation}
			if o.Monitoring != "" {
				das.VmToolsMonitoringSettings = &types.ClusterVmToolsMonitoringSettings{VmMonitoring: o.Monitoring, ClusterSettings: types.NewBool(false)}
			}
			cfg.DasVmConfig = append(cfg.DasVmConfig, types.ClusterDasVmConfigInfo{Key: vm, DasSettings: das})
		}
		if o.Drs != "" {
			cfg.DrsVmConfig = append(cfg.DrsVmConfig, types.ClusterDrsVmConfigInfo{Key: vm, Enabled: types.NewBool(o.Drs != "disabled"), Behavior: types.DrsBehavior(o.Drs)})
		}
		if o.Delay > 0 {
			cfg.VmOrchestration = append(cfg.VmOrchestration, types.ClusterVmOrchestrationInfo{Vm: vm, VmReadiness: types.ClusterVmReadiness{ReadyCondition: "poweredOn", PostReadyDelay: o.Delay}})
		}
	}
}

func dressPools(ctx context.Context, f *find.Finder, want facts) error {
	root, err := f.ResourcePool(ctx, "DC0_C0/Resources")
	if err != nil {
		return err
	}
	for _, p := range want.Pools {
		if _, err = root.Create(ctx, p.Name, types.ResourceConfigSpec{CpuAllocation: share(p.Shares, p.Reservation, p.Limit), MemoryAllocation: share(p.Shares, p.Reservation, p.Limit)}); err != nil {
			return err
		}
	}
	for _, a := range want.Vapps {
		usual := types.ResourceConfigSpec{CpuAllocation: share("normal", 0, -1), MemoryAllocation: share("normal", 0, -1)}
		app, err := root.CreateVApp(ctx, a.Name, usual, types.VAppConfigSpec{}, nil)
		if err != nil {
			return err
		}
		made := simulator.Map.Get(app.Reference()).(*simulator.VirtualApp)
		for _, e := range a.Entries {
			vm := named("VirtualMachine", []string{e.Vm})[0]
			ref := made.Self
			simulator.Map.Get(vm).(*simulator.VirtualMachine).ParentVApp = &ref
			made.VAppConfig.EntityConfig = append(made.VAppConfig.EntityConfig, types.VAppEntityConfigInfo{Key: &vm, StartOrder: e.Order, StartDelay: e.Delay,
				WaitingForGuest: types.NewBool(e.Wait), StartAction: "powerOn", StopAction: e.Stop, StopDelay: 30})
		}
	}
	return nil
}

func share(level string, reservation, limit int64) types.ResourceAllocationInfo {
	if level == "" {
		level = "normal"
	}
	return types.ResourceAllocationInfo{Reservation: &reservation, Limit: &limit, ExpandableReservation: types.NewBool(true), Shares: &types.SharesInfo{Level: types.SharesLevel(level), Shares: 4000}}
}

// named finds objects of the first datacenter by name.
func named(kind string, names []string) (refs []types.ManagedObjectReference) {
	for _, n := range names {
		for _, e := range simulator.Map.All(kind) {
			if e.Entity().Name == n {
				refs = append(refs, e.Reference())
				break
			}
		}
	}
	return
}
