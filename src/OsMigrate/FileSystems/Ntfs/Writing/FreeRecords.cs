using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Takes records from the MFT and gives them back; the MFT grows when it is full.</summary>
internal sealed class FreeRecords(VolumeEdit edit)
{
    /// <summary>Records below stay free for the MFT's own extensions, as other writers of NTFS do it.</summary>
    private const long FirstTaken = 64;

    private const int PieceBytes = 4096;

    /// <summary>A free record for a new file, or for more attributes of a file.</summary>
    /// <param name="extends">The file's base record; default for a new file.</param>
    public RecordImage Take(FileReference extends, int flags)
    {
        var number = FindFree();
        if (number >= edit.Mft.WrittenCount)
            MftGrowth.Grow(edit, number + 1);
        Mark(number, used: true);
        edit.Volume.RecordHint = number + 1;
        return RecordImage.Blank(number, SequenceOf(number), edit.Layout.Boot.RecordSize, flags, extends);
    }

    /// <summary>Frees a record: its sequence number moves on, so that references to the old file are recognised.</summary>
    public void Give(RecordImage record)
    {
        var sequence = (ushort)(record.Reference.Sequence + 1);
        Le.Put16(record.Header, 16, sequence == 0 ? 1 : sequence);
        Le.Put16(record.Header, 22, Le.U16(record.Header, 22) & ~MftRecord.InUse);
        edit.WriteRecord(record.Number, record.ToBytes(edit.Layout.Boot.RecordSize));
        Mark(record.Number, used: false);
        edit.Volume.RecordHint = Math.Min(edit.Volume.RecordHint, record.Number);
    }

    /// <summary>The first free number; one behind the last record when all are taken.</summary>
    private long FindFree()
    {
        var bitmap = OpenBitmap();
        var count = Math.Max(edit.Mft.Count, FirstTaken);
        var at = Math.Max(FirstTaken, edit.Volume.RecordHint);
        while (at < count && at / 8 < bitmap.Length)
        {
            var first = at / 8;
            var piece = bitmap.ReadBytes(first, (int)Math.Min(PieceBytes, bitmap.Length - first));
            for (; at < count && (at / 8) - first < piece.Length; at++)
            {
                if ((piece[(int)((at / 8) - first)] & (1 << (int)(at % 8))) == 0)
                    return at;
            }
        }

        return count;
    }

    private void Mark(long number, bool used)
    {
        var bitmap = OpenBitmap();
        var b = bitmap.ReadBytes(number / 8, 1);
        var bit = (byte)(1 << (int)(number % 8));
        if ((b[0] & bit) != 0 == used)
            throw edit.Layout.Bad(-1, $"the MFT's bitmap says that record {number} is {(used ? "used" : "free")} already");
        b[0] ^= bit;
        bitmap.Write(number / 8, b);
    }

    private ByteStore OpenBitmap()
    {
        var bitmap = FileRecord.Load(edit.Layout, edit.Mft, new FileReference(Mft.MftNumber, 0)).Find(AttributeType.Bitmap);
        if (bitmap is null || bitmap.IsResident)
            throw new OsMigrateException(ErrorIds.UnsupportedFeature, ErrorKind.NotSupported, $"'{edit.Layout.Name}' keeps the bitmap of its MFT inside the MFT; such volumes are not written.", edit.Layout.Name);
        return bitmap.Open(edit.Layout, edit.Layout.Name);
    }

    /// <summary>A record that was in use before goes on with its sequence number.</summary>
    private ushort SequenceOf(long number)
    {
        var old = edit.Mft.Content.ReadBytes(number * edit.Layout.Boot.RecordSize, edit.Layout.Boot.RecordSize);
        if (FixUps.TryRemove(old, MftRecord.Magic) is not null)
            return 1;
        if ((Le.U16(old, 22) & MftRecord.InUse) != 0)
            throw edit.Layout.Bad(edit.Mft.PlaceOf(number), $"record {number} is in use, but the MFT's bitmap says that it is free");
        return Math.Max((ushort)1, Le.U16(old, 16));
    }
}
