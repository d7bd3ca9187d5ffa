using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Formats;
using Tributary.Storage.Leases;

namespace Tributary.Storage.Logs;

/// <summary>
/// Reads a whole log: the checkpoint, then the segments that go on behind it. Checks everything and changes nothing. The one thing it lets pass
/// is a torn end of the last segment, where a crash cut a group short that nobody was told of. May leave all but the last segments unread.
/// </summary>
internal sealed class LogScan(IStorageDirectory directory, string? purpose, ILogReplay? replay, bool isLastOnly = false)
{
    /// <summary>The log's id; null where there is no log.</summary>
    internal LogId? Log { get; private set; }

    /// <summary>In the words of the files.</summary>
    internal string Purpose { get; private set; } = purpose ?? "";

    /// <summary>Segments that hold what the checkpoint does not, in order.</summary>
    internal List<SegmentEntry> Segments { get; } = [];

    /// <summary>Files that the checkpoint has made superfluous.</summary>
    internal List<string> Obsolete { get; } = [];

    internal LogSequence CheckpointThrough { get; private set; }

    internal long CheckpointBytes { get; private set; }

    internal LogSequence Next { get; private set; } = new(1);

    internal uint Chain { get; private set; }

    internal ulong NextSegment { get; private set; } = 1;

    /// <summary>Where the last group of the last segment begins; 0 where there is none.</summary>
    internal long LastFrame { get; private set; }

    /// <summary>Where in the last segment what is durable for certain ends.</summary>
    internal long UncertainFrom { get; private set; }

    internal long TornBytes { get; private set; }

    internal Generation Generation { get; private set; }

    internal LogSequence Through => new(Next.Value - 1);

    /// <summary>Reads; returns what is wrong, or null.</summary>
    internal StorageError? Run()
    {
        var segments = new SortedDictionary<ulong, string>();
        foreach (var name in directory.List())
        {
            if (LogFiles.TryParseSegment(name, out var number))
                segments.Add(number, name);
        }

        if (directory.Exists(LogFiles.Checkpoint) && ReadCheckpoint() is { } damage)
            return damage;
        if (ReadHeaders(segments.Values).TryGet(out var headers, out var error))
            return ReadSegments(headers);
        return error;
    }

    private string Name(string file) => $"{directory.Location}/{file}";

    private StorageError Corrupt(string file, long offset, string reason) => new(StorageErrorKind.Corrupt, Name(file), offset, reason);

    private StorageError? ReadHeader(IStorageFile file, FileKind kind, out FileHeader header)
    {
        Span<byte> bytes = stackalloc byte[FileHeader.Length];
        bytes = bytes[..file.Read(0, bytes)];
        if (FileHeader.TryRead(bytes, Name(file.Name), kind, purpose, out header) is { } error)
            return error;
        if (Log is { } log && header.Log != log)
            return Corrupt(file.Name, 16, $"is of log {header.Log}, among files of log {log}");
        Log = header.Log;
        Purpose = header.Purpose;
        return null;
    }

    private StorageError? ReadCheckpoint()
    {
        using var file = directory.Open(LogFiles.Checkpoint, FileUse.Read);
        if (ReadHeader(file, FileKind.Checkpoint, out var header) is { } error)
            return error;

        using var scanner = new FrameScanner(file, header, file.Length);
        var isClosed = false;
        while (!isClosed && scanner.Read() == ScanOutcome.Frame)
        {
            isClosed = scanner.Header.Batches == 0;
            if (FrameBody.Deliver(scanner.Header, scanner.Body, default, 0, scanner.BodyOffset, replay is null ? null : new CheckpointReplay(replay)) is { } problem)
                return Corrupt(LogFiles.Checkpoint, scanner.LastFrame, problem);
        }

        if (!isClosed || scanner.Position != file.Length)
            return Corrupt(LogFiles.Checkpoint, scanner.Position, scanner.Fault ?? "the checkpoint is damaged");
        Next = header.First;
        CheckpointThrough = Through;
        CheckpointBytes = file.Length;
        NextSegment = header.Number;
        Generation = header.Generation;
        return null;
    }

    private Primitives.Results.Result<List<FileHeader>, StorageError> ReadHeaders(IEnumerable<string> names)
    {
        var headers = new List<FileHeader>();
        foreach (var name in names)
        {
            using var file = directory.Open(name, FileUse.Read);
            if (ReadHeader(file, FileKind.Segment, out var header) is { } error)
                return error;
            if (!string.Equals(LogFiles.Segment(header.Number), name, StringComparison.Ordinal))
                return Corrupt(name, 32, $"is segment {header.Number} by its header");
            headers.Add(header);
        }

        return headers;
    }

    private StorageError? ReadSegments(List<FileHeader> headers)
    {
        // The last segment that begins at or before the first batch to be read; those before it were about to be removed.
        var start = headers.FindLastIndex(header => header.First <= Next);
        if (start < 0 && headers.Count > 0 && !isLastOnly)
            return Corrupt(LogFiles.Segment(headers[0].Number), 48, $"begins with batch {headers[0].First}; those from {Next} on are missing");
        if (!isLastOnly)
            Obsolete.AddRange(headers.Take(Math.Max(0, start)).Select(static header => LogFiles.Segment(header.Number)));
        if (isLastOnly && headers.Count > 1)
            start = FindLastUsed(headers);
        for (var index = Math.Max(0, start); index < headers.Count; index++)
        {
            if (ReadSegment(headers[index], index + 1 < headers.Count ? headers[index + 1] : null) is { } error)
                return error;
        }

        if (Segments.Count == 0)
            return null;

        NextSegment = Math.Max(NextSegment, Segments[^1].Header.Number + 1);
        if (Segments[^1].Last < CheckpointThrough)
            return RetireAll();
        return null;
    }

    /// <summary>The segment that holds the last batch, if the one begun last is still empty.</summary>
    private static int FindLastUsed(List<FileHeader> headers)
    {
        var index = headers.Count - 2;
        while (index > 0 && headers[index].First == headers[index + 1].First)
            index--;
        return index;
    }

    /// <summary>What is left of the segments ends before the checkpoint does: a crash came between the removals.</summary>
    private StorageError? RetireAll()
    {
        Obsolete.AddRange(Segments.Select(static segment => LogFiles.Segment(segment.Header.Number)));
        Segments.Clear();
        (Next, LastFrame, UncertainFrom, TornBytes) = (new LogSequence(CheckpointThrough.Value + 1), 0, 0, 0);
        return null;
    }

    private StorageError? ReadSegment(FileHeader header, FileHeader? following)
    {
        var name = LogFiles.Segment(header.Number);
        using var file = directory.Open(name, FileUse.Read);
        if (header.Generation < Generation && Segments.Count > 0)
            return Corrupt(name, 40, $"generation {header.Generation} wrote behind generation {Generation}");
        if (following is not null && following.Number != header.Number + 1)
            return new StorageError(StorageErrorKind.Corrupt, Name(LogFiles.Segment(header.Number + 1)), null, "is missing");
        if (following is not null && following.PreviousLength > file.Length)
            return Corrupt(name, file.Length, $"ends {following.PreviousLength - file.Length} bytes early");

        var limit = following?.PreviousLength ?? file.Length;
        using var scanner = new FrameScanner(file, header, limit);
        ScanOutcome outcome;
        while ((outcome = scanner.Read()) == ScanOutcome.Frame)
        {
            if (FrameBody.Deliver(scanner.Header, scanner.Body, CheckpointThrough, header.Number, scanner.BodyOffset, replay) is { } problem)
                return Corrupt(name, scanner.LastFrame, problem);
        }

        if (outcome == ScanOutcome.Impossible)
            return Corrupt(name, scanner.Position, scanner.Fault!);
        if (outcome == ScanOutcome.Broken && following is not null)
            return Corrupt(name, scanner.Position, "is damaged, before data that is whole");
        if (outcome == ScanOutcome.Broken && scanner.FindHeaderBehind() is { } behind)
            return Corrupt(name, scanner.Position, $"is damaged, before data that is whole (at byte {behind})");
        if (following is not null && (following.First != scanner.Next || following.Chain != scanner.Chain))
            return Corrupt(LogFiles.Segment(following.Number), 64, "does not follow the segment before it");

        Segments.Add(new SegmentEntry(header, scanner.Position, new LogSequence(scanner.Next.Value - 1)));
        (Next, Chain, LastFrame, UncertainFrom) = (scanner.Next, scanner.Chain, scanner.LastFrame, scanner.UncertainFrom);
        Generation = header.Generation;
        TornBytes = limit - scanner.Position;
        return null;
    }

    /// <summary>A checkpoint's frames look like a segment's; their records go to another place.</summary>
    private sealed class CheckpointReplay(ILogReplay replay) : ILogReplay
    {
        public string? OnCheckpoint(ReadOnlySpan<byte> record) => replay.OnCheckpoint(record);

        public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record) => replay.OnCheckpoint(record);
    }
}
