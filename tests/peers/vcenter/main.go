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
	flag.Var(&vms, "vm", "name=NAME,disk=RAWFILE[,disk=..][,guest=ID][,firmware=efi][,secureboot=on][,power=on][,mem=MB][,cpu=N][,cores=PERSOCKET][,controller=pvscsi|lsilogic|lsilogic-sas|buslogic|sata|nvme|ide..][,nic=MODEL[@NETWORK]..][,ft=on][,tools=off][,stubborn=on][,cdrom=off][,mac=AA:..][,ip=..][,tag=CATEGORY/TAG..]; the first controller is the first disk's, the last one also that of all further disks (repeat)")
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
	installOvf()
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
	var disks, tagged, controllers, cards []string
	o := map[string]string{"guest": "debian10_64Guest", "firmware": "bios", "mem": "1024", "cpu": "1", "ip": "192.0.2.10"}
	for _, kv := range strings.Split(arg, ",") {
		p := strings.SplitN(kv, "=", 2)
		if p[0] == "disk" {
			disks = append(disks, p[1])
		} else if p[0] == "tag" {
			tagged = append(tagged, p[1])
		} else if p[0] == "controller" {
			controllers = append(controllers, p[1])
		} else if p[0] == "nic" {
			cards = append(cards, p[1])
		} else {
			o[p[0]] = p[1]
		}
	}
	name := o["name"]
	mem, _ := strconv.ParseInt(o["mem"], 10, 64)
	cpu, _ := strconv.Atoi(o["cpu"])
	cores, _ := strconv.Atoi(o["cores"])
	if len(controllers) == 0 {
		controllers = []string{"pvscsi"}
	}
	if len(cards) == 0 {
		cards = []string{"vmxnet3"}
	}
	var devs object.VirtualDeviceList
	var buses []types.BaseVirtualController
	for _, kind := range controllers {
		c, err := newController(devs, kind)
		if err != nil {
			return err
		}
		if kind != "ide" { // those are there from the start
			devs = append(devs, c.(types.BaseVirtualDevice))
		}
		buses = append(buses, c)
	}
	ide := &types.VirtualIDEController{VirtualController: types.VirtualController{VirtualDevice: types.VirtualDevice{Key: 200}}} // the template's IDE 0
	cd, err := object.VirtualDeviceList{ide}.CreateCdrom(ide)
	if err != nil {
		return err
	}
	if o["cdrom"] != "off" {
		devs = append(devs, cd)
	}
	for i, file := range disks {
		st, err := os.Stat(file)
		if err != nil {
			return err
		}
		bus := buses[len(buses)-1]
		if i < len(buses) {
			bus = buses[i]
		}
		d := devs.CreateDisk(bus, types.ManagedObjectReference{},
			fmt.Sprintf("[LocalDS_0] %s/%s.vmdk", name, diskName(name, i)))
		d.CapacityInKB, d.CapacityInBytes = st.Size()/1024, st.Size()
		b := d.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
		b.ThinProvisioned, b.Datastore = types.NewBool(true), nil
		b.Uuid = fmt.Sprintf("6000C29%d-0000-0000-0000-%012x", i, len(name)*1000+i)
		devs = append(devs, d)
	}
	for i, card := range cards {
		model, netName := card, "DC0_DVPG0"
		if isESX {
			netName = "VM Network"
		}
		if at := strings.Index(card, "@"); at >= 0 {
			model, netName = card[:at], card[at+1:]
		}
		net, err := f.Network(ctx, netName)
		if err != nil {
			return err
		}
		back, err := net.EthernetCardBackingInfo(ctx)
		if err != nil {
			return err
		}
		nic, err := devs.CreateEthernetCard(model, back)
		if err != nil {
			return err
		}
		if o["mac"] != "" && i == 0 {
			c := nic.(types.BaseVirtualEthernetCard).GetVirtualEthernetCard()
			c.AddressType, c.MacAddress = string(types.VirtualEthernetCardMacTypeManual), o["mac"]
		}
		devs = append(devs, nic)
	}
	change, _ := devs.ConfigSpec(types.VirtualDeviceConfigSpecOperationAdd)
	spec := types.VirtualMachineConfigSpec{
		Name: name, GuestId: o["guest"], Firmware: o["firmware"], MemoryMB: mem, NumCPUs: int32(cpu), NumCoresPerSocket: int32(cores),
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
	dressDevices(vm)
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

// newController makes a controller of a kind, or names the template's second IDE channel: the first has the CD drive.
func newController(devs object.VirtualDeviceList, kind string) (types.BaseVirtualController, error) {
	switch kind {
	case "ide":
		return &types.VirtualIDEController{VirtualController: types.VirtualController{VirtualDevice: types.VirtualDevice{Key: 201}, BusNumber: 1}}, nil
	case "sata":
		c := new(types.VirtualAHCIController)
		c.Key, c.BusNumber = devs.NewKey(), int32(len(devs.SelectByType(c)))
		return c, nil
	case "nvme":
		c, err := devs.CreateNVMEController()
		if err != nil {
			return nil, err
		}
		return c.(types.BaseVirtualController), nil
	default:
		c, err := devs.CreateSCSIController(kind)
		if err != nil {
			return nil, err
		}
		return c.(types.BaseVirtualController), nil
	}
}

// dressDevices gives devices the keys and labels that vCenter gives them.
func dressDevices(vm *simulator.VirtualMachine) {
	disks, cards := int32(0), int32(0)
	renamed := map[int32]types.BaseVirtualController{}
	units := map[int32]int32{}
	label := func(dev types.BaseVirtualDevice, format string, n int32) {
		dev.GetVirtualDevice().DeviceInfo.GetDescription().Label = fmt.Sprintf(format, n)
	}
	for _, dev := range vm.Config.Hardware.Device {
		first, name := int32(0), ""
		switch dev.(type) {
		case types.BaseVirtualSCSIController:
			first, name = 1000, "SCSI controller %d"
		case types.BaseVirtualSATAController:
			first, name = 15000, "SATA controller %d"
		case *types.VirtualNVMEController:
			first, name = 31000, "NVME controller %d"
		default:
			continue
		}
		c := dev.(types.BaseVirtualController)
		v := c.GetVirtualController()
		renamed[v.Key] = c
		v.Key, v.Device = first+v.BusNumber, nil
		label(dev, name, v.BusNumber)
	}
	for _, dev := range vm.Config.Hardware.Device {
		v := dev.GetVirtualDevice()
		switch dev.(type) {
		case *types.VirtualDisk:
			v.Key = 2000 + disks
			if c, ok := renamed[v.ControllerKey]; ok {
				v.ControllerKey = c.GetVirtualController().Key
				c.GetVirtualController().Device = append(c.GetVirtualController().Device, v.Key)
				if _, scsi := c.(types.BaseVirtualSCSIController); scsi && units[v.ControllerKey] == 7 {
					units[v.ControllerKey]++ // the controller's own
				}
			}
			unit := units[v.ControllerKey]
			v.UnitNumber = &unit
			units[v.ControllerKey]++
			disks++
			label(dev, "Hard disk %d", disks)
		case *types.VirtualCdrom:
			v.Key = 3000
			label(dev, "CD/DVD drive %d", 1)
		case types.BaseVirtualEthernetCard:
			v.Key = 4000 + cards
			cards++
			label(dev, "Network adapter %d", cards)
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
