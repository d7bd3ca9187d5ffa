using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Tributary.Faults.Tests.Power;

/// <summary>
/// A loss of power under a real process: a library between the process and the kernel writes down what each write replaces and which flushes have
/// returned. After the process was killed, <see cref="Apply"/> takes back what no flush had covered: for each page of a file any of the states that
/// it had since, for each folder any moment of its names since. A disk may do all of that, and nothing worse is asked of it
/// (<c>src/Tributary.Storage/ARCHITECTURE.md</c>).
/// </summary>
internal sealed class PowerCut(string root, string scratch)
{
    private const int PageBytes = 4096;
    private const int HeaderBytes = 29;
    private const int LengthShift = 40;

    private string Journal => Path.Combine(scratch, "journal");

    private string Kept => Path.Combine(scratch, "kept");

    /// <summary>What was taken back, in words.</summary>
    public List<string> Story { get; } = [];

    /// <summary>Writes and flushes that were seen so far: with none of them the library is not loaded, and the test says nothing.</summary>
    public (int Writes, int Flushes) Seen { get; private set; }

    /// <summary>Compiles the library; skips the test where there is no C compiler.</summary>
    public static async Task<string> CompileAsync(string folder, CancellationToken cancellationToken)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The library is loaded by LD_PRELOAD, which is Linux's.");
        var compiler = new[] { "/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(compiler is null, "There is no C compiler (Debian: apt-get install gcc libc6-dev) to build the library that sees writes and flushes.");
        var source = Path.Combine(folder, "powercut.c");
        await using (var text = typeof(PowerCut).Assembly.GetManifestResourceStream("powercut.c")!)
        await using (var file = File.Create(source))
            await text.CopyToAsync(file, cancellationToken);
        var library = Path.Combine(folder, "powercut.so");
        using var process = Process.Start(new ProcessStartInfo(compiler!, ["-O2", "-shared", "-fPIC", "-o", library, source, "-ldl", "-lpthread"]) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, errors);
        return library;
    }

    /// <summary>Begins to write down, for a process that starts with this environment.</summary>
    public void Begin(string library, IDictionary<string, string> environment)
    {
        Directory.CreateDirectory(Kept);
        File.Delete(Journal);
        environment["LD_PRELOAD"] = library;
        environment["POWERCUT_ROOT"] = root;
        environment["POWERCUT_JOURNAL"] = Journal;
        environment["POWERCUT_KEEP"] = Kept;
    }

    /// <summary>Makes the files what they are after the loss of power, with a generator that decides what of the unflushed is there.</summary>
    public void Apply(Random chance)
    {
        Story.Clear();
        var records = Read();
        Seen = (Seen.Writes + records.Count(static record => record.Kind == 'W'), Seen.Flushes + records.Count(static record => record.Kind == 'E'));
        var flushed = FindFlushed(records);
        UndoNames(records, flushed, chance);
        foreach (var (path, inode) in Inodes())
        {
            var open = records.Where((record, at) => record.Kind is 'W' or 'T' && record.Inode == inode && at > flushed.GetValueOrDefault(inode, -1)).ToList();
            if (open.Count > 0)
                UndoContent(path, open, chance);
        }

        foreach (var saved in Directory.EnumerateFiles(Kept))
            File.Delete(saved);
        File.Delete(Journal);
    }

    private List<Record> Read()
    {
        var records = new List<Record>();
        if (!File.Exists(Journal))
            return records;
        var bytes = File.ReadAllBytes(Journal).AsSpan();
        while (bytes.Length >= HeaderBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[25..]);
            if (bytes.Length < HeaderBytes + length)
                break;
            records.Add(new Record(
                (char)bytes[0],
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[9..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[17..]),
                bytes.Slice(HeaderBytes, length).ToArray()));
            bytes = bytes[(HeaderBytes + length)..];
        }

        return records;
    }

    // For each file and folder the place of the last flush that returned, as it began: what came later it may have missed.
    private static Dictionary<ulong, int> FindFlushed(List<Record> records)
    {
        var begun = new Dictionary<ulong, int>();
        var flushed = new Dictionary<ulong, int>();
        for (var at = 0; at < records.Count; at++)
        {
            if (records[at].Kind == 'B')
                begun[records[at].A] = at;
            else if (records[at].Kind == 'E' && begun.TryGetValue(records[at].A, out var began))
                flushed[records[at].Inode] = Math.Max(began, flushed.GetValueOrDefault(records[at].Inode, -1));
        }

        return flushed;
    }

    private void UndoNames(List<Record> records, Dictionary<ulong, int> flushed, Random chance)
    {
        var folders = records.Select(static (record, at) => (record, at)).Where(one => one.record.Kind is 'C' or 'R' or 'U' && one.at > flushed.GetValueOrDefault(one.record.Inode, -1)).ToList();
        var keep = folders.Select(static one => one.record.Inode).Distinct().ToDictionary(static inode => inode, inode => chance.Next(folders.Count(one => one.record.Inode == inode) + 1));
        var seen = folders.GroupBy(static one => one.record.Inode).ToDictionary(static group => group.Key, static group => group.Count());
        foreach (var (record, _) in Enumerable.Reverse(folders))
        {
            // The newest go first, down to as many as this folder keeps.
            if (seen[record.Inode]-- <= keep[record.Inode])
                continue;
            var parts = Encoding.UTF8.GetString(record.Bytes).Split('\0');
            Story.Add($"{record.Kind} {string.Join(" ", parts)}");
            switch (record.Kind)
            {
                case 'C':
                    File.Delete(parts[0]);
                    break;
                case 'R' when File.Exists(parts[1]):
                    File.Move(parts[1], parts[0], overwrite: true);
                    if (parts[2].Length > 0)
                        Link(parts[2], parts[1]);
                    break;
                case 'U' when parts[1].Length > 0 && !File.Exists(parts[0]):
                    Link(parts[1], parts[0]);
                    break;
            }
        }
    }

    private void UndoContent(string path, List<Record> open, Random chance)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);

        // The length is one value, and may be any that it had since.
        var length = open[0].Kind == 'T' ? (long)open[0].B : (long)(open[0].B & ((1UL << LengthShift) - 1));
        var lengths = new List<long> { length };
        foreach (var record in open)
            lengths.Add(length = record.Kind == 'T' ? (long)record.A : Math.Max(length, (long)(record.A + (record.B >> LengthShift))));
        var pages = open.SelectMany(static record => record.Pages(PageBytes)).Distinct().Order().ToList();
        var undone = 0;
        foreach (var page in pages)
        {
            var of = open.Where(record => record.Touches(page, PageBytes)).ToList();
            var keep = chance.Next(of.Count + 1);
            foreach (var record in Enumerable.Reverse(of).Take(of.Count - keep))
            {
                Restore(file, record, page);
                undone++;
            }
        }

        var chosen = lengths[chance.Next(lengths.Count)];
        file.SetLength(chosen);
        Story.Add($"{Path.GetRelativePath(root, path)}: {undone} of {open.Count} unflushed changes taken back on {pages.Count} pages, length {lengths[^1]} -> {chosen}");
    }

    // What was there before, within one page; what was not there at all is zero.
    private static void Restore(FileStream file, Record record, long page)
    {
        var (from, to) = (Math.Max(page * PageBytes, record.From), Math.Min((page + 1) * PageBytes, record.To));
        if (to <= from)
            return;
        var bytes = new byte[to - from];
        var known = record.Bytes.Length - (from - record.From);
        if (known > 0)
            record.Bytes.AsSpan((int)(from - record.From), (int)Math.Min(known, bytes.Length)).CopyTo(bytes);
        file.Position = from;
        file.Write(bytes);
    }

    private List<(string Path, ulong Inode)> Inodes()
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/find", [root, "-type", "f", "-printf", "%i %p\\n"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return [.. lines.Select(static line => (line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..], ulong.Parse(line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal)))))];
    }

    private static void Link(string existing, string name)
    {
        if (link(existing, name) != 0)
            throw new IOException($"'{name}' cannot be made again: error {Marshal.GetLastPInvokeError()}.");
    }

#pragma warning disable SYSLIB1054, CA2101, IDE1006 // One call of the C library, by its own name.
    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int link(string existing, string name);
#pragma warning restore SYSLIB1054, CA2101, IDE1006

    private sealed record Record(char Kind, ulong Inode, ulong A, ulong B, byte[] Bytes)
    {
        /// <summary>The first byte that it changes.</summary>
        public long From => (long)A;

        /// <summary>The byte behind the last one that it changes.</summary>
        public long To => Kind == 'T' ? (long)A + Bytes.Length : (long)(A + (B >> LengthShift));

        public IEnumerable<long> Pages(int size)
        {
            for (var page = From / size; page * size < To; page++)
                yield return page;
        }

        public bool Touches(long page, int size) => From < (page + 1) * size && To > page * size;
    }
}
