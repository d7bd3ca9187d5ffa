using Xunit;

namespace Tributary.Testing.Postgres;

/// <summary>
/// A real PostgreSQL for tests, shared by an assembly (<c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>) and started when the first
/// test asks. Where PostgreSQL is not installed the asking test is skipped with the reason.
/// </summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly List<PostgresServer> _servers = [];
    private PostgresServer? _shared;

    /// <summary>The server that the assembly's tests share; each test makes a database of its own in it.</summary>
    public async Task<PostgresServer> GetSharedAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _shared ??= await StartLockedAsync([], cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A fresh server with settings of its own (<c>fsync=off</c>).</summary>
    public async Task<PostgresServer> StartAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await StartLockedAsync(settings, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        _gate.Dispose();
    }

    private async Task<PostgresServer> StartLockedAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var programs = PostgresServer.FindPrograms();
        if (programs is null)
            Assert.Skip("PostgreSQL is not installed (Debian: apt-get install postgresql), and TRIBUTARY_POSTGRES names no folder with its programs.");
        var server = await PostgresServer.StartAsync(programs!, settings, cancellationToken);
        _servers.Add(server);
        return server;
    }
}
