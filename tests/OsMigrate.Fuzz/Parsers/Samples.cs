namespace OsMigrate.Fuzz.Parsers;

/// <summary>Small texts that use most of what each parser knows.</summary>
internal static class Samples
{
    public const string VmdkDescriptor = """
        # Disk DescriptorFile
        version=1
        encoding="UTF-8"
        CID=123a5678
        parentCID=ffffffff
        isNativeSnapshot="no"
        createType="twoGbMaxExtentSparse"
        parentFileNameHint="base.vmdk"

        # Extent description
        RW 4192256 SPARSE "disk-s001.vmdk"
        RW 4192256 FLAT "disk-f002.vmdk" 0
        NOACCESS 512 ZERO
        RDONLY 2048 VMFS "disk-flat.vmdk"

        # The Disk Data Base
        #DDB
        ddb.adapterType = "lsilogic"
        ddb.geometry.cylinders = "1024"
        ddb.uuid = "60 00 C2 9b 6e 4c 3d 52-1c 1d 2f 5a 7c 1b 2e 3d"
        ddb.virtualHWVersion = "13"
        """;

    public const string Vmx = """
        .encoding = "UTF-8"
        config.version = "8"
        virtualHW.version = "19"
        displayName = "web01 |22prod|22"
        guestOS = "windows2019srv-64"
        firmware = "efi"
        uefi.secureBoot.enabled = "TRUE"
        vtpm.present = "TRUE"
        numvcpus = "4"
        cpuid.coresPerSocket = "2"
        memSize = "8192"
        uuid.bios = "56 4d 5b 3c 9a 11 22 33-44 55 66 77 88 99 aa bb"
        scsi0.present = "TRUE"
        scsi0.virtualDev = "pvscsi"
        scsi0:0.present = "TRUE"
        scsi0:0.fileName = "web01.vmdk"
        scsi0:1.present = "TRUE"
        scsi0:1.fileName = "web01_1.vmdk"
        scsi0:1.mode = "independent-persistent"
        sata0.present = "TRUE"
        sata0:0.present = "TRUE"
        sata0:0.deviceType = "cdrom-image"
        sata0:0.fileName = "/vmimages/tools.iso"
        nvme0.present = "TRUE"
        nvme0:0.present = "TRUE"
        nvme0:0.fileName = "data.vmdk"
        ide1:0.present = "TRUE"
        ide1:0.fileName = "old.vmdk"
        floppy0.present = "FALSE"
        ethernet0.present = "TRUE"
        ethernet0.virtualDev = "vmxnet3"
        ethernet0.networkName = "VM Network"
        ethernet0.addressType = "static"
        ethernet0.address = "00:50:56:01:02:03"
        ethernet1.present = "TRUE"
        ethernet1.startConnected = "FALSE"
        ethernet1.generatedAddress = "00:0c:29:01:02:03"
        bios.bootOrder = "hdd,cdrom"
        serial0.present = "TRUE"
        annotation = "line one|0Aline two"
        """;

    public const string Manifest = """
        SHA256(server.ovf)= 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
        SHA256 (server-disk1.vmdk) = 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
        SHA1(server-disk2.vmdk)= a94a8fe5ccb19ba61c4c0873d391e987982fbbd3
        SHA512(x.iso)= ee26b0dd4af7e749aa1a8ee3c10ae9923f618980772e473f8819a5d4940e0db27ac185f8a0e1d5f84f88bc887fd67b143732c304cc5fa9ad8e6f57f50028a8ff
        """;

    public const string Ovf = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
          xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
          xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData" xmlns:vmw="http://www.vmware.com/schema/ovf">
          <References>
            <File ovf:href="server-disk1.vmdk" ovf:id="file1" ovf:size="4096"/>
            <File ovf:href="server-disk2.vmdk.gz" ovf:id="file2" ovf:size="9000" ovf:compression="gzip" ovf:chunkSize="4000"/>
          </References>
          <DiskSection><Info>disks</Info>
            <Disk ovf:capacity="10" ovf:capacityAllocationUnits="byte * 2^30" ovf:diskId="vmdisk1" ovf:fileRef="file1" ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized" ovf:populatedSize="123456"/>
            <Disk ovf:capacity="1073741824" ovf:diskId="vmdisk2" ovf:fileRef="file2" ovf:parentRef="vmdisk1"/>
            <Disk ovf:capacity="${size}" ovf:diskId="blank"/>
          </DiskSection>
          <NetworkSection><Info>n</Info><Network ovf:name="VM Network"><Description>the network</Description></Network></NetworkSection>
          <DeploymentOptionSection><Info>c</Info><Configuration ovf:id="small" ovf:default="true"><Label>S</Label></Configuration><Configuration ovf:id="large"><Label>L</Label></Configuration></DeploymentOptionSection>
          <VirtualSystemCollection ovf:id="all">
            <ProductSection><Info>p</Info><Product>x</Product><Property ovf:key="size" ovf:type="string" ovf:value="5"/></ProductSection>
          <VirtualSystem ovf:id="server"><Info>vm</Info><Name>server</Name>
            <OperatingSystemSection ovf:id="94" vmw:osType="ubuntu64Guest"><Info>os</Info><Description>Ubuntu (64-bit)</Description></OperatingSystemSection>
            <VirtualHardwareSection ovf:transport="iso"><Info>hw</Info>
              <System><vssd:ElementName>h</vssd:ElementName><vssd:InstanceID>0</vssd:InstanceID><vssd:VirtualSystemIdentifier>server</vssd:VirtualSystemIdentifier><vssd:VirtualSystemType>vmx-13</vssd:VirtualSystemType></System>
              <Item><rasd:AllocationUnits>hertz * 10^6</rasd:AllocationUnits><rasd:ElementName>cpu</rasd:ElementName><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>4</rasd:VirtualQuantity><vmw:CoresPerSocket ovf:required="false">2</vmw:CoresPerSocket></Item>
              <Item ovf:configuration="large"><rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:ElementName>memory</rasd:ElementName><rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>8192</rasd:VirtualQuantity></Item>
              <Item><rasd:Address>0</rasd:Address><rasd:ElementName>SCSI</rasd:ElementName><rasd:InstanceID>3</rasd:InstanceID><rasd:ResourceSubType>VirtualSCSI</rasd:ResourceSubType><rasd:ResourceType>6</rasd:ResourceType></Item>
              <Item><rasd:AddressOnParent>0</rasd:AddressOnParent><rasd:ElementName>disk1</rasd:ElementName><rasd:HostResource>ovf:/disk/vmdisk1</rasd:HostResource><rasd:InstanceID>4</rasd:InstanceID><rasd:Parent>3</rasd:Parent><rasd:ResourceType>17</rasd:ResourceType></Item>
              <Item><rasd:AddressOnParent>1</rasd:AddressOnParent><rasd:ElementName>disk2</rasd:ElementName><rasd:HostResource>ovf:/file/file2</rasd:HostResource><rasd:InstanceID>5</rasd:InstanceID><rasd:Parent>3</rasd:Parent><rasd:ResourceType>17</rasd:ResourceType></Item>
              <Item><rasd:Address>00:50:56:ab:cd:ef</rasd:Address><rasd:AddressOnParent>7</rasd:AddressOnParent><rasd:AutomaticAllocation>true</rasd:AutomaticAllocation><rasd:Connection>VM Network</rasd:Connection><rasd:ElementName>nic</rasd:ElementName><rasd:InstanceID>6</rasd:InstanceID><rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType><rasd:ResourceType>10</rasd:ResourceType></Item>
              <vmw:Config ovf:required="false" vmw:key="firmware" vmw:value="efi"/><vmw:Config ovf:required="false" vmw:key="bootOptions.efiSecureBootEnabled" vmw:value="true"/>
              <vmw:ExtraConfig ovf:required="false" vmw:key="nvram" vmw:value="server.nvram"/>
            </VirtualHardwareSection>
          </VirtualSystem>
          </VirtualSystemCollection>
        </Envelope>
        """;

    public const string Lvm = """
        vg-sys {
        id = "KdOO4x-8fhm-nWFq-2e3J-Fl6s-yU9W-0vN5Ev"
        seqno = 4
        format = "lvm2" # informational
        status = ["RESIZEABLE", "READ", "WRITE"]
        extent_size = 8192
        physical_volumes {
        pv0 {
        id = "oJXfRv-0v6E-wQ5g-9bF9-3QzR-r1Qf-1e2dXX"
        device = "/dev/sda2"
        dev_size = 409600
        pe_start = 2048
        pe_count = 49
        }
        }
        logical_volumes {
        lv-root {
        id = "b0T4Dr-CC1a-9wQf-Dk3K-5Hh3-tY6y-qqqqqq"
        status = ["READ", "WRITE", "VISIBLE"]
        segment_count = 1
        segment1 {
        start_extent = 0
        extent_count = 10
        type = "striped"
        stripe_count = 1
        stripes = [
        "pv0", 0
        ]
        }
        }
        }
        }
        """;
}
