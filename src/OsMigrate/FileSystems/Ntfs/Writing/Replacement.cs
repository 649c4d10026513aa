using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Gives a file other content.</summary>
internal static class Replacement
{
    private const int PieceBytes = 65536;

    public static FileReference Run(VolumeEdit edit, string path, ByteStore content)
    {
        var (_, entry) = PathWalk.Entry(edit, path);
        var file = edit.File(entry.File);
        Check(file, path);
        var old = file.Find(AttributeType.Data);
        if (old is { IsSparse: true } or { IsCompressed: true })
            old = MakePlain(edit, file, old);
        if (old is { IsResident: false })
            ReplaceClusters(edit, file, old, content);
        else if (content.Length <= file.RoomForValue(AttributeType.Data, ""))
            file.SetResident(AttributeType.Data, "", content.ReadBytes(0, (int)content.Length));
        else
            ContentSpace.SetContent(edit, file, AttributeType.Data, "", content);
        NameSync.SetTimes(edit, file, contentChanged: true);
        NameSync.Run(edit, file);
        return file.Reference;
    }

    private static void Check(FileEdit file, string path)
    {
        var data = file.Find(AttributeType.Data);
        var reason = file.IsFolder ? "is a folder"
            : file.Find(AttributeType.ReparsePoint) is not null ? "is a link, or is kept compressed or elsewhere by Windows (a reparse point)"
            : data is null ? null
            : data.IsEncrypted ? "is encrypted (EFS)"
            : null;
        if (reason is not null)
            throw new OsMigrateException(ErrorIds.UnsupportedFeature, ErrorKind.NotSupported, $"'{path}' {reason}; such a file is not replaced.", path);
    }

    /// <summary>A sparse or compressed file is stored plainly from now on: all of its content is given anew.</summary>
    private static NtfsAttribute? MakePlain(VolumeEdit edit, FileEdit file, NtfsAttribute old)
    {
        const uint SparseFile = 0x200, CompressedFile = 0x800;
        if (!old.IsResident)
            edit.Clusters.Give(old.Runs.Runs.Where(static r => !r.IsHole).ToList());
        file.Remove(AttributeType.Data, "");
        var standard = (byte[])file.Find(AttributeType.StandardInformation)!.Value.Clone();
        Le.Put32(standard, 32, Le.U32(standard, 32) & ~(SparseFile | CompressedFile));
        file.SetResident(AttributeType.StandardInformation, "", standard);
        return null;
    }

    private static void ReplaceClusters(VolumeEdit edit, FileEdit file, NtfsAttribute old, ByteStore content)
    {
        long cluster = edit.Layout.Boot.ClusterSize, wanted = (content.Length + cluster - 1) / cluster;
        var (kept, rest) = ContentSpace.Cut(old.Runs, wanted);
        if (kept.Runs.Any(static r => r.IsHole))
            throw edit.Layout.Bad(-1, $"record {file.Reference.Number} has holes, but is not marked sparse");
        var runs = kept;
        if (wanted > kept.End)
        {
            var more = edit.Clusters.Take(wanted - kept.End);
            runs = new RunList([.. kept.Runs, .. more.Runs.Select(r => r with { Vcn = r.Vcn + kept.End })]);
            WriteTail(edit, more, content, kept.End * cluster);
        }

        edit.Clusters.Give(rest);
        WriteKept(edit, kept, content);
        file.SetRuns(AttributeType.Data, "", runs, new AttributeSizes(wanted * cluster, content.Length, content.Length));
    }

    private static void WriteTail(VolumeEdit edit, RunList more, ByteStore content, long from)
        => edit.WriteFresh(more, new SliceStore(content, from, content.Length - from));

    /// <summary>Writes into clusters that the file had already, where they differ: equal ones stay untouched on the disk below.</summary>
    private static void WriteKept(VolumeEdit edit, RunList kept, ByteStore content)
    {
        var length = kept.End * edit.Layout.Boot.ClusterSize;
        var store = new RunStore(edit.Layout.Store, edit.Layout.Boot.ClusterSize, kept, length, length, edit.Layout.Name);
        byte[] before = new byte[PieceBytes], after = new byte[PieceBytes];
        for (long at = 0; at < length; at += PieceBytes)
        {
            var n = (int)Math.Min(PieceBytes, length - at);
            var given = (int)Math.Max(0, Math.Min(n, content.Length - at));
            content.Read(at, after.AsSpan(0, given));
            after.AsSpan(given).Clear();
            store.Read(at, before.AsSpan(0, n));
            if (!before.AsSpan(0, n).SequenceEqual(after.AsSpan(0, n)))
                store.Write(at, after.AsSpan(0, n));
        }
    }
}
