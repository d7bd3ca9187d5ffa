using System.Formats.Tar;
using System.Reflection;
using System.Text.Json;
using Tributary.Crypto;
using Tributary.Primitives.Results;
using Tributary.Server.Data;
using Tributary.Server.Payments;
using Tributary.Storage.Backups;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Sqlite;

namespace Tributary.Server.Backups;

/// <summary>
/// Makes one sealed file of a data folder with both its halves, beside a server that runs or of one that does not. Of each half the books are copied
/// first and the node after them: the node's events go further than the books know, which is what a restart finds too.
/// </summary>
public static class ServerBackup
{
    /// <summary>Writes a backup. The file is whole or not there.</summary>
    /// <param name="dataFolder">The server's folder.</param>
    /// <param name="file">Where to; an older one of that name is replaced when the new one is whole.</param>
    /// <param name="passphrase">What seals it.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Result<BackupManifest, Refusal>> CreateAsync(string dataFolder, string file, string passphrase, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await FolderBinding.ReadAsync(dataFolder, cancellationToken) is not { } installation)
            return new Refusal("--data", $"'{dataFolder}' holds no server: it is made by 'tributary up'");
        var live = await FolderBinding.ReadAsync(Path.Combine(dataFolder, ServerOptions.LiveFolder), cancellationToken);
        var scratch = Directory.CreateTempSubdirectory("tributary-backup-");
        var fresh = file + ".new";
        try
        {
            var manifest = new BackupManifest(BackupManifest.Newest, clock.GetUtcNow(), installation.Id, installation.Database, Version())
            {
                Live = live is null ? null : new LiveManifest(live.Id, live.Database),
            };
            await using (var target = OpenPrivate(fresh))
            {
                if (!SealedWriter.Create(target, passphrase, SystemEntropy.Instance).TryGet(out var writer, out var refusal))
                    return refusal;
                await using (writer)
                {
                    await using (var archive = new TarWriter(writer, TarEntryFormat.Pax, leaveOpen: true))
                    {
                        if (await WriteAsync(archive, dataFolder, scratch.FullName, manifest, clock, cancellationToken) is { } problem)
                            return problem;
                    }

                    writer.Complete();
                }

                target.Flush(flushToDisk: true);
            }

            File.Move(fresh, file, overwrite: true);
            FolderSync.Flush(Path.GetDirectoryName(Path.GetFullPath(file))!);
            return manifest;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Refusal("--to", exception.Message);
        }
        finally
        {
            File.Delete(fresh);
            scratch.Delete(recursive: true);
        }
    }

    private static async Task<Refusal?> WriteAsync(TarWriter archive, string dataFolder, string scratch, BackupManifest manifest, TimeProvider clock, CancellationToken cancellationToken)
    {
        await WriteTextAsync(archive, BackupManifest.FileName, JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest), cancellationToken);

        // Live money first: the least may have happened to it since the moment that the manifest names.
        if (manifest.Live is { } live && await WriteHalfAsync(archive, dataFolder, ServerOptions.LiveFolder + "/", scratch, live.Database, clock, cancellationToken) is { } problem)
            return problem;
        return await WriteHalfAsync(archive, dataFolder, "", scratch, manifest.Database, clock, cancellationToken);
    }

    /// <summary>Writes one half's files, whose names begin with its prefix.</summary>
    private static async Task<Refusal?> WriteHalfAsync(TarWriter archive, string dataFolder, string prefix, string scratch, string kind, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (kind is DatabaseInfo.Sqlite)
        {
            var name = prefix + PaymentStart.SqliteFile;
            var copy = Path.Combine(scratch, name);
            _ = DiskDirectory.Open(Path.GetDirectoryName(copy)!);
            await SqliteDatabase.CopyAsync(Path.Combine(dataFolder, name), copy, cancellationToken);
            await archive.WriteEntryAsync(copy, name, cancellationToken);
        }

        foreach (var name in BackupParts.Files)
            await WriteFilesAsync(archive, Path.Combine(dataFolder, prefix + name), prefix + name, cancellationToken);
        foreach (var (log, keepsMark) in BackupParts.Logs)
        {
            var path = prefix + log;
            var source = Path.Combine(dataFolder, path);
            if (!Directory.Exists(source))
                continue;
            var target = DiskDirectory.Open(Path.Combine(scratch, path));
            if (!LogSnapshot.Create(DiskDirectory.Open(source), target, clock).TryGet(out _, out var error))
            {
                if (error.Kind == StorageErrorKind.Missing)
                    continue;
                return error.ToRefusal("--data");
            }

            if (!keepsMark)
                LogSnapshot.Unmark(target);
            foreach (var name in target.List())
                await archive.WriteEntryAsync(Path.Combine(target.Location, name), $"{path}/{name}", cancellationToken);
        }

        return null;
    }

    private static async Task WriteFilesAsync(TarWriter archive, string path, string name, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            await WriteTextAsync(archive, name, await File.ReadAllBytesAsync(path, cancellationToken), cancellationToken);
            return;
        }

        if (!Directory.Exists(path))
            return;
        foreach (var file in Directory.EnumerateFiles(path).Order(StringComparer.Ordinal))
        {
            if (!BackupParts.IsOfProcess(Path.GetFileName(file)))
                await WriteTextAsync(archive, $"{name}/{Path.GetFileName(file)}", await File.ReadAllBytesAsync(file, cancellationToken), cancellationToken);
        }
    }

    private static async Task WriteTextAsync(TarWriter archive, string name, byte[] bytes, CancellationToken cancellationToken) => await archive.WriteEntryAsync(
        new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes), Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite }, cancellationToken);

    private static FileStream OpenPrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static string Version() => typeof(ServerBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
