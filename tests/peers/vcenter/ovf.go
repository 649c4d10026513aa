package main

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// ovfManager adds the descriptor of an export to the simulator's manager, which only imports.
// vSphere Web Services API: OvfManager, OvfCreateDescriptorParams; DMTF DSP0243 (OVF 1.1), sections 5 to 9.
type ovfManager struct {
	simulator.OvfManager
}

func installOvf() {
	m := new(ovfManager)
	m.Self = *simulator.Map.Get(vim25.ServiceInstance).(*simulator.ServiceInstance).Content.OvfManager
	simulator.Map.Put(m)
}

func (m *ovfManager) CreateDescriptor(ctx *simulator.Context, req *types.CreateDescriptor) soap.HasFault {
	body := new(methods.CreateDescriptorBody)
	switch o := ctx.Map.Get(req.Obj).(type) {
	case nil:
		body.Fault_ = simulator.Fault("", &types.ManagedObjectNotFound{Obj: req.Obj})
	case *simulator.VirtualMachine:
		ctx.Map.WithLock(o, func() { body.Res = &types.CreateDescriptorResponse{Returnval: describe(ctx, o, &req.Cdp)} })
	default:
		body.Fault_ = simulator.Fault("A specified parameter was not correct: obj", &types.InvalidArgument{InvalidProperty: "obj"})
	}
	return body
}

// describe writes a descriptor; what is wrong with the wish itself is in the result, not a fault.
func describe(ctx *simulator.Context, vm *simulator.VirtualMachine, p *types.OvfCreateDescriptorParams) (res types.OvfCreateDescriptorResult) {
	res.IncludeImageFiles = p.IncludeImageFiles
	d := &descriptor{ctx: ctx, vm: vm, res: &res, files: map[int32]int{}, name: vm.Name, ids: map[int32]int{}, note: vm.Config.Annotation}
	if p.Name != "" {
		d.name = p.Name
	}
	if p.Description != "" {
		d.note = p.Description
	}
	known := map[string]int32{}
	for _, dev := range vm.Config.Hardware.Device {
		switch x := dev.(type) {
		case *types.VirtualDisk:
			known["/"+vm.Self.Value+"/"+placeOf(vm, x)] = x.Key
		case *types.VirtualCdrom:
			if p.IncludeImageFiles != nil && *p.IncludeImageFiles {
				known[fmt.Sprintf("/%s/VirtualIDEController0:%d", vm.Self.Value, *x.UnitNumber)] = x.Key
			}
		}
	}
	for i, f := range p.OvfFiles {
		key, ok := known[f.DeviceId]
		if !ok {
			res.Error = append(res.Error, types.LocalizedMethodFault{Fault: &types.OvfUnknownDevice{VmName: vm.Name}, LocalizedMessage: fmt.Sprintf("The device %q of the file %q is unknown.", f.DeviceId, f.Path)})
			continue
		}
		d.files[key] = i
	}
	if len(res.Error) == 0 {
		res.OvfDescriptor = d.text(p.OvfFiles)
	}
	return
}

// node is one element; its name and those of its attributes have the prefixes that vCenter uses.
type node struct {
	name  string
	attrs []string // name, value, name, value
	text  string
	kids  []*node
}

func el(name, text string, kids ...*node) *node { return &node{name: name, text: text, kids: kids} }

func (n *node) with(attrs ...string) *node {
	n.attrs = append(n.attrs, attrs...)
	return n
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

func (n *node) write(b *strings.Builder, indent string) {
	b.WriteString(indent + "<" + n.name)
	for i := 0; i+1 < len(n.attrs); i += 2 {
		b.WriteString(" " + n.attrs[i] + `="` + escape(n.attrs[i+1]) + `"`)
	}
	switch {
	case len(n.kids) > 0:
		b.WriteString(">\n")
		for _, k := range n.kids {
			if k != nil {
				k.write(b, indent+"  ")
			}
		}
		b.WriteString(indent + "</" + n.name + ">\n")
	case n.text != "":
		b.WriteString(">" + escape(n.text) + "</" + n.name + ">\n")
	default:
		b.WriteString("/>\n")
	}
}

func config(key string, value interface{}) *node {
	return el("vmw:Config", "").with("ovf:required", "false", "vmw:key", key, "vmw:value", fmt.Sprint(value))
}

type descriptor struct {
	ctx        *simulator.Context
	vm         *simulator.VirtualMachine
	res        *types.OvfCreateDescriptorResult
	name, note string
	files      map[int32]int // device key -> index of its file
	ids        map[int32]int // controller key -> InstanceID
	next       int
}

func (d *descriptor) text(files []types.OvfFile) string {
	references := el("References", "")
	for i, f := range files {
		n := el("File", "")
		if f.ChunkSize > 0 {
			n.with("ovf:chunkSize", fmt.Sprint(f.ChunkSize))
		}
		if f.CompressionMethod != "" {
			n.with("ovf:compression", f.CompressionMethod)
		}
		references.kids = append(references.kids, n.with("ovf:href", f.Path, "ovf:id", fmt.Sprintf("file%d", i+1), "ovf:size", fmt.Sprint(f.Size)))
	}
	section := el("DiskSection", "", el("Info", "Virtual disk information"))
	for i, disk := range d.disks() {
		size, unit := amount(disk.CapacityInBytes, disk.CapacityInKB)
		n := el("Disk", "").with("ovf:capacity", size, "ovf:capacityAllocationUnits", unit, "ovf:diskId", fmt.Sprintf("vmdisk%d", i+1))
		// a disk without a file is an empty one
		if at, ok := d.files[disk.Key]; ok {
			n.with("ovf:fileRef", fmt.Sprintf("file%d", at+1))
		}
		n.with("ovf:format", "http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized")
		if at, ok := d.files[disk.Key]; ok && files[at].PopulatedSize > 0 {
			n.with("ovf:populatedSize", fmt.Sprint(files[at].PopulatedSize))
		}
		section.kids = append(section.kids, n)
	}
	networks := el("NetworkSection", "", el("Info", "The list of logical networks"))
	seen := map[string]bool{}
	for _, dev := range d.vm.Config.Hardware.Device {
		if card, ok := dev.(types.BaseVirtualEthernetCard); ok {
			if name := d.network(card); !seen[name] {
				seen[name] = true
				networks.kids = append(networks.kids, el("Network", "", el("Description", "The "+name+" network")).with("ovf:name", name))
			}
		}
	}
	envelope := el("Envelope", "", references, section, networks, d.system()).with(
		"vmw:buildId", "build-0",
		"xmlns", "http://schemas.dmtf.org/ovf/envelope/1",
		"xmlns:cim", "http://schemas.dmtf.org/wbem/wscim/1/common",
		"xmlns:ovf", "http://schemas.dmtf.org/ovf/envelope/1",
		"xmlns:rasd", "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData",
		"xmlns:vmw", "http://www.vmware.com/schema/ovf",
		"xmlns:vssd", "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData",
		"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!--Generated by the vCenter peer-->\n")
	envelope.write(&b, "")
	return b.String()
}

// amount states a size in the largest unit of which it is a multiple, as vCenter does.
func amount(bytes, kb int64) (string, string) {
	if bytes == 0 {
		bytes = kb << 10
	}
	for _, power := range []uint{40, 30, 20, 10} {
		if bytes > 0 && bytes%(1<<power) == 0 {
			return fmt.Sprint(bytes >> power), fmt.Sprintf("byte * 2^%d", power)
		}
	}
	return fmt.Sprint(bytes), "byte"
}

func (d *descriptor) disks() (res []*types.VirtualDisk) {
	for _, dev := range d.vm.Config.Hardware.Device {
		if disk, ok := dev.(*types.VirtualDisk); ok {
			res = append(res, disk)
		}
	}
	return
}

func (d *descriptor) system() *node {
	c := d.vm.Config
	hardware := el("VirtualHardwareSection", "", el("Info", "Virtual hardware requirements"),
		el("System", "",
			el("vssd:ElementName", "Virtual Hardware Family"),
			el("vssd:InstanceID", "0"),
			el("vssd:VirtualSystemIdentifier", d.name),
			el("vssd:VirtualSystemType", c.Version)))
	hardware.kids = append(hardware.kids, d.items()...)
	// what is off by its nature is said as well
	hardware.kids = append(hardware.kids, config("firmware", c.Firmware))
	for _, b := range []struct {
		key   string
		value *bool
	}{{"bootOptions.efiSecureBootEnabled", c.BootOptions.EfiSecureBootEnabled}, {"cpuHotAddEnabled", c.CpuHotAddEnabled}, {"memoryHotAddEnabled", c.MemoryHotAddEnabled}} {
		if b.value != nil {
			hardware.kids = append(hardware.kids, config(b.key, *b.value))
		}
	}
	system := el("VirtualSystem", "", el("Info", "A virtual machine"), el("Name", d.vm.Name),
		el("OperatingSystemSection", "", el("Info", "The kind of installed guest operating system"), el("Description", c.GuestFullName)).
			with("ovf:id", osID(c.GuestId), "vmw:osType", c.GuestId),
		hardware).with("ovf:id", d.name)
	if d.note != "" {
		system.kids = append(system.kids, el("AnnotationSection", "", el("Info", "A human-readable annotation"), el("Annotation", d.note)).with("ovf:required", "false"))
	}
	return system
}

// osID is CIM_OperatingSystem.OSType of a guest's id.
func osID(guest string) string {
	for _, known := range []struct {
		id     string
		prefix string
	}{{"94", "ubuntu64"}, {"93", "ubuntu"}, {"96", "debian"}, {"80", "rhel"}, {"107", "centos"}, {"85", "sles"}, {"112", "windows"}} {
		if strings.HasPrefix(guest, known.prefix) {
			return known.id
		}
	}
	if strings.Contains(guest, "64") {
		return "102"
	}
	return "1"
}

// item has its parts in the order of the schema, which is that of their names.
func (d *descriptor) item(kind int, name string, parts ...string) *node {
	d.next++
	parts = append(parts, "ElementName", name, "InstanceID", strconv.Itoa(d.next), "ResourceType", strconv.Itoa(kind))
	n := el("Item", "")
	for _, part := range []string{"Address", "AddressOnParent", "AllocationUnits", "AutomaticAllocation", "Connection", "Description", "ElementName", "HostResource", "InstanceID", "Parent", "ResourceSubType", "ResourceType", "VirtualQuantity"} {
		for i := 0; i < len(parts); i += 2 {
			if parts[i] == part {
				n.kids = append(n.kids, el("rasd:"+part, parts[i+1]))
			}
		}
	}
	return n
}

func (d *descriptor) items() (res []*node) {
	h := d.vm.Config.Hardware
	cpu := d.item(3, fmt.Sprintf("%d virtual CPU(s)", h.NumCPU), "AllocationUnits", "hertz * 10^6", "Description", "Number of Virtual CPUs", "VirtualQuantity", fmt.Sprint(h.NumCPU))
	if h.NumCoresPerSocket > 1 {
		cpu.kids = append(cpu.kids, el("vmw:CoresPerSocket", fmt.Sprint(h.NumCoresPerSocket)).with("ovf:required", "false"))
	}
	res = append(res, cpu, d.item(4, fmt.Sprintf("%dMB of memory", h.MemoryMB), "AllocationUnits", "byte * 2^20", "Description", "Memory Size", "VirtualQuantity", fmt.Sprint(h.MemoryMB)))
	for _, dev := range h.Device {
		if n := d.controller(dev); n != nil {
			d.ids[dev.GetVirtualDevice().Key] = d.next
			res = append(res, n)
		}
	}
	disk := 0
	for _, dev := range h.Device {
		v := dev.GetVirtualDevice()
		unit := int32(0)
		if v.UnitNumber != nil {
			unit = *v.UnitNumber
		}
		place := []string{"AddressOnParent", fmt.Sprint(unit), "Parent", strconv.Itoa(d.ids[v.ControllerKey])}
		switch x := dev.(type) {
		case *types.VirtualCdrom:
			res = append(res, d.drive(x, place))
		case *types.VirtualDisk:
			disk++
			n := d.item(17, fmt.Sprintf("Hard Disk %d", disk), append(place, "HostResource", fmt.Sprintf("ovf:/disk/vmdisk%d", disk))...)
			if b, ok := x.Backing.(*types.VirtualDiskFlatVer2BackingInfo); ok && b.DiskMode != string(types.VirtualDiskModePersistent) {
				n.kids = append(n.kids, config("backing.diskMode", b.DiskMode))
			}
			res = append(res, n)
		case types.BaseVirtualEthernetCard:
			res = append(res, d.card(x))
		case *types.VirtualMachineVideoCard:
			res = append(res, d.item(24, "VirtualVideoCard", "AutomaticAllocation", "false").with("ovf:required", "false"))
		case *types.VirtualMachineVMCIDevice:
			res = append(res, d.item(1, "VirtualVMCIDevice", "AutomaticAllocation", "false", "ResourceSubType", "vmware.vmci").with("ovf:required", "false"))
		}
	}
	return
}

func (d *descriptor) controller(dev types.BaseVirtualDevice) *node {
	c, ok := dev.(types.BaseVirtualController)
	if !ok {
		return nil
	}
	bus := fmt.Sprint(c.GetVirtualController().BusNumber)
	kind, name, description, sub := 6, "SCSI Controller "+bus, "SCSI Controller", ""
	switch dev.(type) {
	case *types.ParaVirtualSCSIController:
		sub = "VirtualSCSI"
	case *types.VirtualLsiLogicController:
		sub = "lsilogic"
	case *types.VirtualLsiLogicSASController:
		sub = "lsilogicsas"
	case *types.VirtualBusLogicController:
		sub = "buslogic"
	case types.BaseVirtualSATAController:
		kind, name, description, sub = 20, "SATA Controller "+bus, "SATA Controller", "vmware.sata.ahci"
	case *types.VirtualNVMEController:
		kind, name, description, sub = 20, "NVME Controller "+bus, "NVME Controller", "vmware.nvme.controller"
	case *types.VirtualIDEController:
		return d.item(5, "VirtualIDEController "+bus, "Address", bus, "Description", "IDE Controller")
	default:
		return nil
	}
	return d.item(kind, name, "Address", bus, "Description", description, "ResourceSubType", sub)
}

// drive tells of a disc that is left behind by a warning.
func (d *descriptor) drive(cd *types.VirtualCdrom, place []string) *node {
	sub := "vmware.cdrom.remotepassthrough"
	if iso, ok := cd.Backing.(*types.VirtualCdromIsoBackingInfo); ok {
		sub = "vmware.cdrom.iso"
		if at, ok := d.files[cd.Key]; ok {
			place = append(place, "HostResource", fmt.Sprintf("ovf:/file/file%d", at+1))
		} else {
			w := new(types.OvfConnectedDeviceIso)
			w.Device, w.VmPath, w.Filename = cd, d.vm.Name, iso.FileName
			d.res.Warning = append(d.res.Warning, types.LocalizedMethodFault{Fault: w, LocalizedMessage: fmt.Sprintf("The virtual machine has a connected ISO file %q, which is not exported.", iso.FileName)})
		}
	}
	return d.item(15, "CD-ROM 1", append(place, "AutomaticAllocation", "false", "ResourceSubType", sub)...).with("ovf:required", "false")
}

func (d *descriptor) card(x types.BaseVirtualEthernetCard) *node {
	c, sub := x.GetVirtualEthernetCard(), ""
	switch x.(type) {
	case *types.VirtualVmxnet3:
		sub = "VmxNet3"
	case *types.VirtualVmxnet2:
		sub = "VmxNet2"
	case *types.VirtualE1000:
		sub = "E1000"
	case *types.VirtualE1000e:
		sub = "E1000e"
	default:
		sub = "PCNet32"
	}
	unit := int32(7)
	if c.UnitNumber != nil {
		unit = *c.UnitNumber
	}
	net, on := d.network(x), c.Connectable == nil || c.Connectable.StartConnected
	// a MAC address is written only on demand (exportOption "mac"), as by vCenter
	n := d.item(10, strings.Replace(c.DeviceInfo.GetDescription().Label, "Network adapter", "Ethernet", 1), "AddressOnParent", fmt.Sprint(unit), "AutomaticAllocation", fmt.Sprint(on), "Connection", net,
		"Description", fmt.Sprintf("%s ethernet adapter on %q", sub, net), "ResourceSubType", sub)
	if c.WakeOnLanEnabled != nil {
		n.kids = append(n.kids, config("wakeOnLanEnabled", *c.WakeOnLanEnabled))
	}
	return n
}

func (d *descriptor) network(x types.BaseVirtualEthernetCard) string {
	switch b := x.GetVirtualEthernetCard().Backing.(type) {
	case *types.VirtualEthernetCardNetworkBackingInfo:
		return b.DeviceName
	case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
		ref := types.ManagedObjectReference{Type: "DistributedVirtualPortgroup", Value: b.Port.PortgroupKey}
		if g, ok := d.ctx.Map.Get(ref).(*simulator.DistributedVirtualPortgroup); ok {
			return g.Name
		}
	}
	return "none"
}
