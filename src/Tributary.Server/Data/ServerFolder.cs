using System.Globalization;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;
using Tributary.Storage.Leases;

namespace Tributary.Server.Data;

/// <summary>The data folder, held by one server: taken before anything in it is opened, given back after everything is closed.</summary>
internal sealed class ServerFolder : IDisposable
{
    private ServerFolder(string path, WriterLease lease)
    {
        Path = path;
        Lease = lease;
    }

    public string Path { get; }

    /// <summary>The right to write, which a database checks with each commit.</summary>
    public WriterLease Lease { get; }

    /// <summary>Who this process is, in words that a second one is refused with.</summary>
    public static string Holder => string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}");

    /// <summary>Takes the folder, and makes it for its owner alone where it is missing.</summary>
    public static Result<ServerFolder, Refusal> Take(string path)
    {
        try
        {
            return WriterLease.Acquire(DiskDirectory.Open(path), Holder).TryGet(out var lease, out var error)
                ? new ServerFolder(path, lease)
                : new Refusal("--data", $"'{path}' {error.Reason}: stop it first, or name another folder");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Refusal("--data", $"'{path}' cannot be used: {exception.Message}");
        }
    }

    public void Dispose() => Lease.Dispose();
}
