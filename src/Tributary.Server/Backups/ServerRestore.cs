using System.Formats.Tar;
using System.Text.Json;
using Tributary.Primitives.Results;
using Tributary.Server.Payments;
using Tributary.Storage.Files;

namespace Tributary.Server.Backups;

/// <summary>
/// Makes a data folder of a backup, with both halves where the server had them. Each node in it knows that it is a copy: it publishes no commitment,
/// asks its peers to close, and takes what they pay out. Outgoing money of both halves stays stopped until a person has looked.
/// </summary>
public static class ServerRestore
{
    private const long EntryBytesMax = 1L << 40;
    private const int ManifestBytesMax = 1 << 16;

    /// <summary>Reads a backup into a folder that does not exist yet. The folder is whole or not there.</summary>
    /// <param name="file">What <see cref="ServerBackup"/> wrote.</param>
    /// <param name="dataFolder">The new folder.</param>
    /// <param name="passphrase">What seals the backup.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Result<BackupManifest, Refusal>> RestoreAsync(string file, string dataFolder, string passphrase, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            return new Refusal("--from", $"'{file}' does not exist");
        if (Path.Exists(dataFolder) && Directory.EnumerateFileSystemEntries(dataFolder).Any())
            return new Refusal("--data", $"'{dataFolder}' is not empty: name a new folder");
        var fresh = Path.TrimEndingDirectorySeparator(dataFolder) + ".restoring";
        if (Path.Exists(fresh))
            return new Refusal("--data", $"'{fresh}' is there from a restore that did not end: remove it");
        try
        {
            await using var source = File.OpenRead(file);
            if (!SealedReader.Open(source, passphrase).TryGet(out var reader, out var refusal))
                return refusal;
            _ = DiskDirectory.Open(fresh);
            await using (reader)
            {
                if (!(await ReadAsync(reader, fresh, cancellationToken)).TryGet(out var manifest, out refusal))
                {
                    Directory.Delete(fresh, recursive: true);
                    return refusal;
                }

                var note = new RestoredNote(manifest.At, clock.GetUtcNow(), IsTold: false);
                string[] halves = manifest.Live is null ? [fresh] : [fresh, Path.Combine(fresh, ServerOptions.LiveFolder)];
                foreach (var half in halves)
                    await PaymentStart.WritePrivateAsync(Path.Combine(half, RestoredNote.FileName), JsonSerializer.Serialize(note, BackupJson.Default.RestoredNote), cancellationToken);
                if (Directory.Exists(dataFolder))
                    Directory.Delete(dataFolder);
                Directory.Move(fresh, dataFolder);
                FolderSync.Flush(Path.GetDirectoryName(Path.GetFullPath(dataFolder))!);
                return manifest;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            if (Directory.Exists(fresh))
                Directory.Delete(fresh, recursive: true);
            return new Refusal("--from", exception.Message);
        }
    }

    private static async Task<Result<BackupManifest, Refusal>> ReadAsync(Stream reader, string folder, CancellationToken cancellationToken)
    {
        await using var archive = new TarReader(reader, leaveOpen: true);
        BackupManifest? manifest = null;
        while (await archive.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (manifest is null)
            {
                if (!(await ReadManifestAsync(entry, cancellationToken)).TryGet(out manifest, out var refusal))
                    return refusal;
                continue;
            }

            // The archive is authenticated; a wrong name is a bug of who wrote it, and still leaves the folder alone.
            var path = Path.GetFullPath(Path.Combine(folder, entry.Name));
            if (entry.EntryType is not TarEntryType.RegularFile || !path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) || entry.Length > EntryBytesMax)
                return new Refusal("--from", $"holds '{entry.Name}', which does not belong into a backup");
            _ = DiskDirectory.Open(Path.GetDirectoryName(path)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using var file = new FileStream(path, options);
            if (entry.DataStream is { } data)
                await data.CopyToAsync(file, cancellationToken);
            file.Flush(flushToDisk: true);
            FolderSync.Flush(Path.GetDirectoryName(path)!);
        }

        // The archive ends before the file does: what is behind it must be the file's own end.
        await reader.CopyToAsync(Stream.Null, cancellationToken);
        return manifest is null ? new Refusal("--from", "holds nothing") : manifest;
    }

    private static async Task<Result<BackupManifest, Refusal>> ReadManifestAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        if (entry is not { Name: BackupManifest.FileName, DataStream: { } data, Length: <= ManifestBytesMax })
            return new Refusal("--from", "does not begin as a backup does");
        var manifest = await JsonSerializer.DeserializeAsync(data, BackupJson.Default.BackupManifest, cancellationToken);
        return manifest is { Format: >= BackupManifest.Oldest and <= BackupManifest.Newest }
            ? manifest
            : new Refusal("--from", $"has format {manifest?.Format}; this program reads formats {BackupManifest.Oldest} to {BackupManifest.Newest}");
    }
}
