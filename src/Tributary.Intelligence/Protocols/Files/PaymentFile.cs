using System.IO.Compression;
using System.Text;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols.Files;

/// <summary>Opens files of payments, compressed or not, and finds their columns by name.</summary>
internal static class PaymentFile
{
    /// <summary>Payments of a file at most.</summary>
    public const int MaxRecords = 200_000_000;

    /// <summary>
    /// Reads a file record by record. Compression is recognised by the first bytes and not by the name.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns wanted, by their names in the header.</param>
    /// <param name="read">Takes a record and the places of those columns; returns what is wrong with it, or null.</param>
    /// <param name="progress">Told the share of the file that was read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static Refusal? Read(
        string path, ReadOnlySpan<string> columns, Func<CsvRecords, int[], Refusal?> read, Action<double> progress, CancellationToken cancellationToken)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan);
            using var stream = IsCompressed(file) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
            var records = new CsvRecords(stream);
            if (!records.TryRead())
                return records.Fault ?? new Refusal("file", "is empty");
            var places = new int[columns.Length];
            for (var i = 0; i < places.Length; i++)
            {
                places[i] = FindColumn(records, columns[i]);
                if (places[i] < 0)
                    return Missing(records, columns, columns[i]);
                if (FindColumn(records, columns[i], places[i] + 1) >= 0)
                    return new Refusal("header", $"has the column {columns[i]} twice");
            }

            var width = records.Count;
            while (records.TryRead())
            {
                if (records.Count != width)
                    return new Refusal($"line {records.Line}", $"has {records.Count} fields, the header {width}");
                if (records.Number > MaxRecords)
                    return new Refusal($"line {records.Line}", $"is one too many: a file has at most {MaxRecords}");
                if (read(records, places) is { } refusal)
                    return refusal;
                if (records.Number % 65_536 != 0)
                    continue;
                cancellationToken.ThrowIfCancellationRequested();
                progress(file.Position / (double)Math.Max(1, file.Length));
            }

            return records.Fault;
        }
        catch (InvalidDataException e)
        {
            return new Refusal("file", $"is damaged or cut off, its compressed data cannot be read to the end ({e.Message.TrimEnd('.')}): copy it again");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Refusal("file", e.Message);
        }
    }

    private static Refusal Missing(CsvRecords header, ReadOnlySpan<string> wanted, string column)
    {
        const int Shown = 20;
        var found = new List<string>();
        for (var field = 0; field < Math.Min(header.Count, Shown); field++)
        {
            var name = Encoding.UTF8.GetString(header[field]).Trim();
            found.Add(name.Length is > 0 and <= 64 && !name.Any(char.IsControl) && !name.Contains('\uFFFD', StringComparison.Ordinal) ? name : "?");
        }

        var more = header.Count > Shown ? ", …" : "";
        return new Refusal(
            "header",
            $"has no column {column}. Read are, in any order: {string.Join(", ", wanted)}. Found: {string.Join(", ", found)}{more}. Rename the columns of the file, or name the format that it has");
    }

    private static bool IsCompressed(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var read = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
    }

    private static int FindColumn(CsvRecords records, string name, int from = 0)
    {
        for (var field = from; field < records.Count; field++)
        {
            if (Encoding.UTF8.GetString(records[field]).Trim().Equals(name, StringComparison.Ordinal))
                return field;
        }

        return -1;
    }
}
