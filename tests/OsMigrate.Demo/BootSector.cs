using System.Buffers.Binary;

namespace OsMigrate.Demo;

/// <summary>The demo guest's boot sector; its source is boot.asm, and a test compares the two where nasm is installed.</summary>
public static class BootSector
{
    public const int Size = 512;

    /// <summary>What the guest prints first and, when the second disk is there too, last.</summary>
    public const string Hello = "OsMigrate demo guest: started from the first disk.";

    private const int PartitionAt = 446;
    private const int SignatureAt = 510;
    private const byte PartitionTypeWithoutFileSystem = 0xDA;

    private const string Code = """
        EA057C000031C08ED88EC08ED0BC007CFCBAFB03B083EEBAF803B001EE4230C0EEBAFB03B003EEBE6A7CE81D00BEF87C
        B442B281CD13BE007E7303BE9F7CE80900BED77CE80300F4EBFDAC84C0741A50B40EBB0700CD10B9FFFFBAFD03ECA820
        E1F858BAF803EEEBE1C34F734D6967726174652064656D6F2067756573743A20737461727465642066726F6D20746865
        206669727374206469736B2E0D0A004F734D6967726174652064656D6F2067756573743A20746865207365636F6E6420
        6469736B2063616E6E6F7420626520726561642E0D0A004F734D6967726174652064656D6F2067756573743A20646F6E
        652E0D0A0090909010000100007E
        """;

    public static byte[] Create()
    {
        var sector = new byte[Size];
        Convert.FromHexString(string.Concat(Code.Where(char.IsAsciiHexDigit))).CopyTo(sector, 0);
        sector[PartitionAt + 2] = 2;
        sector[PartitionAt + 4] = PartitionTypeWithoutFileSystem;
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(PartitionAt + 8), 2048);
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(PartitionAt + 12), 129024);
        BinaryPrimitives.WriteUInt16LittleEndian(sector.AsSpan(SignatureAt), 0xAA55);
        return sector;
    }
}
