using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>Reads every record of the MFT: its own structure, its attributes, its place in the MFT's bitmap.</summary>
internal sealed class RecordScan(CheckState state)
{
    private const int PieceRecords = 256;

    private readonly int _size = state.Volume.RecordSizeBytes;

    public void Run(Action<double>? progress, CancellationToken cancel)
    {
        var mft = state.Volume.Mft;
        var count = mft.Count;
        using var bitmap = OpenBitmap();
        for (long first = 0; first < count; first += PieceRecords)
        {
            cancel.ThrowIfCancellationRequested();
            progress?.Invoke((double)first / count);
            var n = (int)Math.Min(PieceRecords, count - first);
            var bytes = mft.Content.ReadBytes(first * _size, n * _size);
            var bits = ReadBits(bitmap, first, n);
            for (var i = 0; i < n; i++)
                CheckOne(first + i, bytes.AsSpan(i * _size, _size), (bits[i / 8] & (1 << (i % 8))) != 0);
        }

        CheckBitsBehind(bitmap, count);
    }

    private void CheckOne(long number, ReadOnlySpan<byte> bytes, bool isMarked)
    {
        var isRecord = bytes.Slice(0, 4).SequenceEqual(MftRecord.Magic);
        var isInUse = isRecord && (Le.U16(bytes, 22) & MftRecord.InUse) != 0;
        if (isInUse && !isMarked)
            state.Error("MftBitmap", number, "the record is in use, but the MFT's bitmap says that it is free");
        // NTFS keeps the records between its own files and the users' marked without using them.
        if (!isInUse && isMarked && number >= Mft.FirstUserNumber)
            state.Error("MftBitmap", number, isRecord ? "the record is free, but the MFT's bitmap says that it is in use" : "the MFT's bitmap says that the record is in use, but it is none");
        if (isInUse)
            state.Guard("Mft", number, () => CheckUsed(number));
    }

    private void CheckUsed(long number)
    {
        var record = state.Volume.Mft.Read(number);
        var header = record.Bytes;
        if (Le.U16(header, 4) >= 0x30 && Le.U32(header, 44) != (uint)number)
            state.Error("Mft", number, $"the record says that its number is {Le.U32(header, 44)}");
        if (record.Sequence == 0)
            state.Error("Mft", number, "the record is in use with sequence number 0");
        if (Le.U32(header, 28) != _size || Le.U32(header, 24) > _size)
            state.Error("Mft", number, $"the record says that it uses {Le.U32(header, 24)} of {Le.U32(header, 28)} bytes");
        CheckAttributes(record);
        if (record.Base.Number != 0)
        {
            state.Extensions[number] = record.Base;
            return;
        }

        state.Files[number] = record.Sequence;
        if (record.IsFolder)
            state.Folders.Add(number);
        FileScan.Run(state, FileRecord.Load(state.Volume.Layout, state.Volume.Mft, record.Reference));
    }

    /// <summary>What can be said of the attributes of one record alone.</summary>
    private void CheckAttributes(MftRecord record)
    {
        var ids = new HashSet<ushort>();
        AttributeRecord? before = null;
        foreach (var attribute in record.Attributes)
        {
            if (!ids.Add(attribute.Id))
                state.Error("Attributes", record.Number, $"two attributes have the id {attribute.Id}");
            if (before is not null && before.Type > attribute.Type)
                state.Error("Attributes", record.Number, $"an attribute of type {(uint)attribute.Type:x} stands behind one of type {(uint)before.Type:x}");
            foreach (var run in attribute.Runs.Runs)
            {
                if (!run.IsHole && state.Clusters.Use(run) is >= 0 and var twice)
                    state.Error("Clusters", record.Number, $"cluster {twice} of an attribute of type {(uint)attribute.Type:x} is used twice");
            }

            before = attribute;
        }
    }

    /// <summary>Bits for records that do not exist must be clear, or a record made there later would never be used.</summary>
    private void CheckBitsBehind(ByteStore bitmap, long count)
    {
        var rest = (int)Math.Min(4096, bitmap.Length - (count / 8));
        if (rest <= 0)
        {
            if (bitmap.Length * 8 < count)
                state.Error("MftBitmap", Mft.MftNumber, $"the MFT's bitmap has {bitmap.Length * 8} bits for {count} records");
            return;
        }

        var bits = bitmap.ReadBytes(count / 8, rest);
        for (var i = (int)(count % 8); i < rest * 8; i++)
        {
            if ((bits[i / 8] & (1 << (i % 8))) != 0 && (count / 8 * 8) + i >= 64)
            {
                state.Error("MftBitmap", (count / 8 * 8) + i, "the MFT's bitmap marks a record behind the end of the MFT");
                return;
            }
        }
    }

    private ByteStore OpenBitmap()
        => FileRecord.Load(state.Volume.Layout, state.Volume.Mft, new FileReference(Mft.MftNumber, 0)).Find(AttributeType.Bitmap)
               ?.Open(state.Volume.Layout, state.Volume.Layout.Name)
           ?? throw state.Volume.Layout.Bad(-1, "the MFT has no bitmap");

    private static byte[] ReadBits(ByteStore bitmap, long first, int count)
    {
        var bits = new byte[(count + 7) / 8];
        var n = (int)Math.Max(0, Math.Min(bits.Length, bitmap.Length - (first / 8)));
        bitmap.Read(first / 8, bits.AsSpan(0, n));
        return bits;
    }
}
