using Tributary.Lightning.Node.Desks;
using Tributary.Lightning.Node.Loop;
using Tributary.Lightning.Node.Reports;
using Tributary.Primitives.Amounts;
using Tributary.Storage.Files;

namespace Tributary.Lightning.Node.Backups;

/// <summary>
/// Keeps the static backup in its folders: written whole beside the old one, flushed, and put in its place, whenever a channel opens or closes.
/// Changes that come while it is being written are in the next one. A folder that cannot be written is an alarm, and no reason to stop: the log has it all.
/// </summary>
public sealed class BackupKeeper
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "static.backup";

    private const string Unfinished = FileName + ".new";

    private readonly NodeCore _core;
    private readonly Func<CancellationToken, Task<NodeBackupFile>> _export;
    private readonly Lock _sync = new();
    private readonly BackupReport[] _reports;
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isWanted;
    private bool _isWriting;

    internal BackupKeeper(NodeCore core, Func<CancellationToken, Task<NodeBackupFile>> export)
    {
        (_core, _export) = (core, export);
        _reports = [.. Folders.Select(static folder => new BackupReport(PathIn(folder), null, null, null))];
    }

    /// <summary>The files, as they are.</summary>
    internal IReadOnlyList<BackupReport> Reports
    {
        get
        {
            lock (_sync)
                return [.. _reports];
        }
    }

    private IReadOnlyList<IStorageDirectory> Folders => _core.Options.BackupFolders;

    /// <summary>A file that a log left behind which is gone: overwriting it would lose its channels.</summary>
    internal static string? FindLeftOver(NodeOptions options) => options.BackupFolders.FirstOrDefault(static folder => folder.Exists(FileName)) is { } folder ? PathIn(folder) : null;

    /// <summary>The channels changed: they are written once this turn is durable.</summary>
    internal void Changed(Turn turn)
    {
        if (Folders.Count > 0)
            turn.Afterwards(() => _ = Request());
    }

    /// <summary>Completes when everything that is in memory now is in the files, or could not be written.</summary>
    internal Task CoverAsync() => Folders.Count > 0 ? Request() : Task.CompletedTask;

    private Task Request()
    {
        lock (_sync)
        {
            _isWanted = true;
            if (!_isWriting)
            {
                _isWriting = true;
                _core.Work(RunAsync);
            }

            return _written.Task;
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource written;
            lock (_sync)
            {
                if (!_isWanted)
                {
                    _isWriting = false;
                    return;
                }

                (written, _written, _isWanted) = (_written, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), false);
            }

            try
            {
                var backup = await _export(cancellationToken);
                for (var i = 0; i < Folders.Count; i++)
                    Write(i, backup);
            }
            catch (OperationCanceledException)
            {
                written.SetCanceled(CancellationToken.None);
                throw;
            }

            written.SetResult();
        }
    }

    private void Write(int index, NodeBackupFile backup)
    {
        var folder = Folders[index];
        try
        {
            folder.Remove(Unfinished);
            using (var file = folder.Create(Unfinished))
            {
                file.Write(0, backup.Content.Span);
                file.Flush();
            }

            folder.Rename(Unfinished, FileName);
            folder.Sync();
            lock (_sync)
                _reports[index] = new BackupReport(PathIn(folder), backup.ChannelCount, _core.Time.GetUtcNow(), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            bool isNew;
            lock (_sync)
            {
                isNew = _reports[index].Problem is null;
                _reports[index] = _reports[index] with { Problem = exception.Message };
            }

            if (isNew)
            {
                _core.Loop.Post(turn => _core.Raise(
                    turn, NodeEventKind.Alarm, default, MilliSatoshis.Zero, null, $"The static backup {PathIn(folder)} can't be written: {exception.Message}. Mend this before a channel is opened."));
            }
        }
    }

    private static string PathIn(IStorageDirectory folder) => $"{folder.Location}/{FileName}";
}
