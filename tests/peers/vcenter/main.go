// vcpeer: a vCenter API peer for tests, on Debian's golang-github-vmware-govmomi-dev (0.24.2).
// The govmomi simulator serves the inventory; the types below add what it lacks:
// ExportVm/ExportSnapshot with a real HttpNfcLease, changed block tracking over real
// disk bytes, snapshot disk chains, guest operations, and cookie-checked /folder access.
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"log"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	_ "github.com/vmware/govmomi/pbm/simulator"
	"github.com/vmware/govmomi/simulator"
	_ "github.com/vmware/govmomi/vapi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

var isESX bool

type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	var vms list
	listen := flag.String("l", "127.0.0.1:8989", "listen address")
	user := flag.String("u", "administrator@vsphere.local", "user")
	pass := flag.String("p", "VMware1!", "password")
	flag.IntVar(&leaseTimeout, "lease-timeout", 300, "HttpNfcLease timeout, seconds")
	flag.Int64Var(&cbtPage, "cbt-page", 0, "bytes covered by one QueryChangedDiskAreas answer (0: all)")
	flag.Var(&vms, "vm", "name=NAME,disk=RAWFILE[,disk=..][,guest=ID][,firmware=efi][,secureboot=on][,power=on][,mem=MB][,cpu=N][,ft=on][,tools=off][,stubborn=on][,cdrom=off][,mac=AA:..][,ip=..][,tag=CATEGORY/TAG..] (repeat)")
	hosts := flag.Int("hosts", 3, "hosts in each cluster")
	datacenters := flag.Int("datacenters", 1, "number of datacenters; the machines are in the first")
	machines := flag.Int("machines", 1, "machines without disks of their own in each cluster")
	flag.BoolVar(&restOnlyOld, "rest-old", false, "the REST API in its old form only, as before 7.0 U2")
	tagsOnly := flag.String("tags", "", "tags that are on no machine, category/tag, separated by ;")
	flag.StringVar(&nfcSums, "nfc-sums", "sha256", "checksums that leases give when asked: sha256, sha1 (as before 6.7), ignored")
	flag.BoolVar(&isESX, "esx", false, "an ESXi host instead of a vCenter")
	flag.BoolVar(&nfcStar, "nfc-star", false, "give lease addresses with * for the host, as a host does")
	flag.Parse()

	m := simulator.VPX()
	if isESX {
		m = simulator.ESX()
		m.Machine = *machines
	} else {
		m.Portgroup, m.Host, m.Machine, m.Pool = 2, 0, *machines, 1
		m.ClusterHost, m.Datacenter = *hosts, *datacenters
	}
	check(m.Create())
	m.Service.Listen = &url.URL{Host: *listen, User: url.UserPassword(*user, *pass)}
	m.Service.TLS = new(tls.Config)
	m.Service.RegisterEndpoints = true
	s := m.Service.NewServer()
	base = (&url.URL{Scheme: s.URL.Scheme, Host: s.URL.Host}).String()
	if !isESX {
		installGuestOps()
	}
	installPaging()
	s.Config.Handler = withFaults(front(m.Service, s.Config.Handler))

	ctx := context.Background()
	c, err := govmomi.NewClient(ctx, s.URL, true)
	check(err)
	f := find.NewFinder(c.Client)
	dc, err := f.DefaultDatacenter(ctx)
	if !isESX {
		dc, err = f.Datacenter(ctx, "DC0")
	}
	check(err)
	f.SetDatacenter(dc)
	wanted := map[types.ManagedObjectReference][]string{}
	if *tagsOnly != "" {
		wanted[types.ManagedObjectReference{}] = strings.Split(*tagsOnly, ";")
	}
	for _, v := range vms {
		check(addVM(ctx, f, v, wanted))
	}
	check(addTags(ctx, c.Client, m.Service.Listen.User, wanted))
	if !isESX {
		check(setupCluster(ctx, f))
	}
	_ = c.Logout(ctx)
	fmt.Printf("READY %s datastore=%s\n", s.URL.Redacted(), datastoreDir())
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	<-stop
	leases.Range(func(_, l interface{}) bool { l.(*nfcLease).end(); return true })
	m.Remove() // the datastore's folder
	_ = os.RemoveAll(guestRoot)
	if streamDir != "" {
		_ = os.RemoveAll(streamDir)
	}
}

func datastoreDir() string {
	return firstStore("LocalDS_0").Info.GetDatastoreInfo().Url
}

// firstStore finds a datastore of the first datacenter: others have some of the same names.
func firstStore(name string) (first *simulator.Datastore) {
	for _, e := range simulator.Map.All("Datastore") {
		if ds, ok := e.(*simulator.Datastore); ok && ds.Name == name && (first == nil || created(ds) < created(first)) {
			first = ds
		}
	}
	return
}

// created gives the running number at the end of an id.
func created(ds *simulator.Datastore) int {
	v := strings.SplitN(ds.Self.Value, "@folder-", 2)
	n, _ := strconv.Atoi(v[len(v)-1])
	return n
}

// addVM creates a VM through the API, then puts the caller's raw image behind its -flat.vmdk.
func addVM(ctx context.Context, f *find.Finder, arg string, wanted map[types.ManagedObjectReference][]string) error {
	var disks, tagged []string
	o := map[string]string{"guest": "debian10_64Guest", "firmware": "bios", "mem": "1024", "cpu": "1", "ip": "192.0.2.10"}
	for _, kv := range strings.Split(arg, ",") {
		p := strings.SplitN(kv, "=", 2)
		if p[0] == "disk" {
			disks = append(disks, p[1])
		} else if p[0] == "tag" {
			tagged = append(tagged, p[1])
		} else {
			o[p[0]] = p[1]
		}
	}
	name := o["name"]
	mem, _ := strconv.ParseInt(o["mem"], 10, 64)
	cpu, _ := strconv.Atoi(o["cpu"])
	var devs object.VirtualDeviceList
	scsi, _ := devs.CreateSCSIController("pvscsi")
	ide := &types.VirtualIDEController{VirtualController: types.VirtualController{VirtualDevice: types.VirtualDevice{Key: 200}}} // the template's IDE 0
	cd, err := object.VirtualDeviceList{ide}.CreateCdrom(ide)
	if err != nil {
		return err
	}
	devs = append(devs, scsi)
	if o["cdrom"] != "off" {
		devs = append(devs, cd)
	}
	for i, file := range disks {
		st, err := os.Stat(file)
		if err != nil {
			return err
		}
		d := devs.CreateDisk(scsi.(types.BaseVirtualController), types.ManagedObjectReference{},
			fmt.Sprintf("[LocalDS_0] %s/%s.vmdk", name, diskName(name, i)))
		d.CapacityInKB, d.CapacityInBytes = st.Size()/1024, st.Size()
		b := d.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
		b.ThinProvisioned, b.Datastore = types.NewBool(true), nil
		b.Uuid = fmt.Sprintf("6000C29%d-0000-0000-0000-%012x", i, len(name)*1000+i)
		devs = append(devs, d)
	}
	netName := "DC0_DVPG0"
	if isESX {
		netName = "VM Network"
	}
	net, err := f.Network(ctx, netName)
	if err != nil {
		return err
	}
	back, err := net.EthernetCardBackingInfo(ctx)
	if err != nil {
		return err
	}
	nic, err := devs.CreateEthernetCard("vmxnet3", back)
	if err != nil {
		return err
	}
	if o["mac"] != "" {
		card := nic.(types.BaseVirtualEthernetCard).GetVirtualEthernetCard()
		card.AddressType, card.MacAddress = string(types.VirtualEthernetCardMacTypeManual), o["mac"]
	}
	devs = append(devs, nic)
	change, _ := devs.ConfigSpec(types.VirtualDeviceConfigSpecOperationAdd)
	spec := types.VirtualMachineConfigSpec{
		Name: name, GuestId: o["guest"], Firmware: o["firmware"], MemoryMB: mem, NumCPUs: int32(cpu),
		Files:        &types.VirtualMachineFileInfo{VmPathName: fmt.Sprintf("[LocalDS_0] %s/%s.vmx", name, name)},
		DeviceChange: change,
	}
	folder, err := f.DefaultFolder(ctx)
	if err != nil {
		return err
	}
	pool, err := f.DefaultResourcePool(ctx)
	if !isESX {
		pool, err = f.ResourcePool(ctx, "DC0_C0/Resources")
	}
	if err != nil {
		return err
	}
	if err = os.MkdirAll(filepath.Join(datastoreDir(), name), 0o755); err != nil {
		return err
	}
	task, err := folder.CreateVM(ctx, spec, pool, nil)
	if err != nil {
		return err
	}
	info, err := task.WaitForResult(ctx, nil)
	if err != nil {
		return fmt.Errorf("create %s: %w", name, err)
	}
	vm := simulator.Map.Get(info.Result.(types.ManagedObjectReference)).(*simulator.VirtualMachine)
	if len(tagged) > 0 {
		wanted[vm.Self] = tagged
	}
	for i, file := range disks {
		stem := filepath.Join(datastoreDir(), name, diskName(name, i))
		if err = copySparse(file, stem+"-flat.vmdk"); err != nil {
			return err
		}
		st, _ := os.Stat(file)
		if err = writeDescriptor(stem+".vmdk", diskName(name, i)+"-flat.vmdk", st.Size()); err != nil {
			return err
		}
	}
	dressDevices(vm, len(disks))
	vm.Guest.ToolsStatus = types.VirtualMachineToolsStatusToolsOk
	vm.Guest.ToolsRunningStatus = string(types.VirtualMachineToolsRunningStatusGuestToolsRunning)
	vm.Guest.ToolsVersionStatus2 = "guestToolsCurrent"
	vm.Guest.GuestFullName, vm.Guest.GuestId = vm.Config.GuestFullName, o["guest"]
	vm.Guest.HostName, vm.Guest.IpAddress = name, o["ip"]
	vm.Guest.GuestOperationsReady, vm.Guest.GuestState = types.NewBool(true), "running"
	vm.Summary.Guest.ToolsStatus, vm.Summary.Guest.ToolsRunningStatus = vm.Guest.ToolsStatus, vm.Guest.ToolsRunningStatus
	vm.Summary.Guest.HostName, vm.Summary.Guest.IpAddress = name, vm.Guest.IpAddress
	dressVM(vm, o)
	if o["power"] == "on" {
		t, err := object.NewVirtualMachine(folder.Client(), vm.Self).PowerOn(ctx)
		if err != nil {
			return err
		}
		return t.Wait(ctx)
	}
	return nil
}

// dressDevices gives devices the keys and labels that vCenter gives them.
func dressDevices(vm *simulator.VirtualMachine, ndisk int) {
	n := 0
	var scsi int32
	for _, dev := range vm.Config.Hardware.Device {
		v := dev.GetVirtualDevice()
		label := func(s string) { v.DeviceInfo.GetDescription().Label = s }
		switch d := dev.(type) {
		case *types.ParaVirtualSCSIController:
			scsi, v.Key = v.Key, 1000
			label("SCSI controller 0")
			for i := range d.Device {
				d.Device[i] = 2000 + int32(i)
			}
		case *types.VirtualDisk:
			v.Key = 2000 + int32(n)
			if v.ControllerKey == scsi {
				v.ControllerKey = 1000
			}
			unit := int32(n)
			v.UnitNumber = &unit
			n++
			label(fmt.Sprintf("Hard disk %d", n))
		case *types.VirtualCdrom:
			v.Key = 3000
			label("CD/DVD drive 1")
		case *types.VirtualVmxnet3:
			v.Key = 4000
			label("Network adapter 1")
		}
	}
}

func diskName(vm string, i int) string {
	if i == 0 {
		return vm
	}
	return fmt.Sprintf("%s_%d", vm, i)
}

// writeDescriptor writes a vmfs-type text descriptor, as a host's datastore holds beside a -flat file.
func writeDescriptor(path, extent string, size int64) error {
	return os.WriteFile(path, []byte(fmt.Sprintf(`# Disk DescriptorFile
version=1
encoding="UTF-8"
CID=fffffffe
parentCID=ffffffff
createType="vmfs"

# Extent description
RW %d VMFS "%s"

# The Disk Data Base
#DDB

ddb.adapterType = "lsilogic"
ddb.geometry.cylinders = "%d"
ddb.geometry.heads = "255"
ddb.geometry.sectors = "63"
ddb.virtualHWVersion = "14"
`, size/512, extent, size/512/255/63)), 0o644)
}

// setupCluster turns on DRS and HA, and adds rules, groups and per-VM overrides over the API.
func setupCluster(ctx context.Context, f *find.Finder) error {
	cl, err := f.ClusterComputeResource(ctx, "DC0_C0")
	if err != nil {
		return err
	}
	all, _ := f.VirtualMachineList(ctx, "*")
	var refs []types.ManagedObjectReference
	for _, v := range all {
		refs = append(refs, v.Reference())
	}
	hosts, err := cl.Hosts(ctx)
	if err != nil || len(refs) < 2 {
		return err
	}
	add := types.ArrayUpdateSpec{Operation: types.ArrayUpdateOperationAdd}
	yes := types.NewBool(true)
	spec := &types.ClusterConfigSpecEx{
		GroupSpec: []types.ClusterGroupSpec{
			{ArrayUpdateSpec: add, Info: &types.ClusterVmGroup{ClusterGroupInfo: types.ClusterGroupInfo{Name: "vms"}, Vm: refs[:1]}},
			{ArrayUpdateSpec: add, Info: &types.ClusterHostGroup{ClusterGroupInfo: types.ClusterGroupInfo{Name: "hosts"},
				Host: []types.ManagedObjectReference{hosts[0].Reference()}}},
		},
		RulesSpec: []types.ClusterRuleSpec{
			{ArrayUpdateSpec: add, Info: &types.ClusterAntiAffinityRuleSpec{Vm: refs[:2],
				ClusterRuleInfo: types.ClusterRuleInfo{Name: "apart", Enabled: yes, Mandatory: types.NewBool(false), UserCreated: yes}}},
			{ArrayUpdateSpec: add, Info: &types.ClusterAffinityRuleSpec{Vm: refs[:2],
				ClusterRuleInfo: types.ClusterRuleInfo{Name: "together", Enabled: types.NewBool(false), UserCreated: yes}}},
			{ArrayUpdateSpec: add, Info: &types.ClusterVmHostRuleInfo{VmGroupName: "vms", AffineHostGroupName: "hosts",
				ClusterRuleInfo: types.ClusterRuleInfo{Name: "pinned", Enabled: yes, Mandatory: yes, UserCreated: yes}}},
		},
		DasVmConfigSpec: []types.ClusterDasVmConfigSpec{{ArrayUpdateSpec: add,
			Info: &types.ClusterDasVmConfigInfo{Key: refs[0], DasSettings: &types.ClusterDasVmSettings{RestartPriority: "high"}}}},
		DrsVmConfigSpec: []types.ClusterDrsVmConfigSpec{{ArrayUpdateSpec: add,
			Info: &types.ClusterDrsVmConfigInfo{Key: refs[0], Enabled: yes, Behavior: types.DrsBehaviorManual}}},
	}
	// 0.24.2 does not apply DasConfig/DrsConfig of the spec: set them in place.
	cfg := simulator.Map.Get(cl.Reference()).(*simulator.ClusterComputeResource).ConfigurationEx.(*types.ClusterConfigInfoEx)
	cfg.DrsConfig.Enabled, cfg.DrsConfig.DefaultVmBehavior = yes, types.DrsBehaviorFullyAutomated
	cfg.DasConfig.Enabled, cfg.DasConfig.AdmissionControlEnabled = yes, yes
	cfg.DasConfig.DefaultVmSettings = &types.ClusterDasVmSettings{RestartPriority: "medium", IsolationResponse: "none"}
	t, err := cl.Reconfigure(ctx, spec, true)
	if err != nil {
		return err
	}
	if err = t.Wait(ctx); err != nil {
		return err
	}
	return dressCluster(ctx, f)
}
