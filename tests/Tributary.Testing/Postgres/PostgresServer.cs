using System.Diagnostics;
using System.Globalization;
using Tributary.Testing.Network;
using Tributary.Testing.Processes;

namespace Tributary.Testing.Postgres;

/// <summary>One PostgreSQL on loopback with a data folder of its own, from the Debian package.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromMinutes(3);

    private readonly string _programs;
    private readonly string _folder;
    private readonly string _password = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
    private GuardedProcess? _process;
    private int _port;
    private int _disposed;

    private PostgresServer(string programs)
    {
        _programs = programs;
        _folder = Directory.CreateTempSubdirectory("tributary-postgres-").FullName;
    }

    /// <summary>For Npgsql, as the superuser of a server that lives as long as the test.</summary>
    public string ConnectionString => ConnectionTo("postgres");

    /// <summary>A connection string for one of the server's databases.</summary>
    public string ConnectionTo(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=tributary;Password={_password};Database={database};Maximum Pool Size=20");

    /// <summary>Makes an empty database and gives its address as an operator writes it; the password lies in a file that the address names.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"test_{Guid.CreateVersion7():N}";
        var port = _port.ToString(CultureInfo.InvariantCulture);
        await RunAsync(Path.Combine(_programs, "createdb"), ["-h", "127.0.0.1", "-p", port, "-U", "tributary", "-w", name], cancellationToken);
        return $"postgres://tributary@127.0.0.1:{port}/{name}?passfile={Uri.EscapeDataString(PasswordFile)}";
    }

    /// <summary>Where the programs are: <c>TRIBUTARY_POSTGRES</c>, or the newest version of Debian's package; null for none.</summary>
    public static string? FindPrograms()
    {
        var given = Environment.GetEnvironmentVariable("TRIBUTARY_POSTGRES");
        if (!string.IsNullOrEmpty(given))
            return given;
        const string debian = "/usr/lib/postgresql";
        return !Directory.Exists(debian)
            ? null
            : Directory.EnumerateDirectories(debian)
                .Where(static version => File.Exists(Path.Combine(version, "bin", "initdb")))
                .OrderByDescending(static version => int.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) ? number : 0)
                .Select(static version => Path.Combine(version, "bin"))
                .FirstOrDefault();
    }

    internal static async Task<PostgresServer> StartAsync(string programs, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var server = new PostgresServer(programs);
        try
        {
            await server.InitialiseAsync(cancellationToken);
            await server.LaunchAsync(settings, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the server as a power cut does.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (_process is not null)
            await _process.KillAsync(cancellationToken);
    }

    /// <summary>Starts the server again on the same data and port.</summary>
    public async Task LaunchAsync(IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        if (_port == 0)
            _port = FreePort.Next();
        string[] usual =
        [
            "-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-k", "",
            "-c", "shared_buffers=16MB", "-c", "max_connections=40", "-c", "logging_collector=off",
        ];
        var (program, arguments) = AsUser("postgres", [.. usual, .. settings.SelectMany(static setting => new[] { "-c", setting })]);
        var began = Stopwatch.GetTimestamp();
        do
        {
            if (_process is not { IsRunning: true })
            {
                // The first time, or again: the workers of a server that was killed live a moment longer, and none starts beside them.
                _process?.Dispose();
                _process = await GuardedProcess.StartAsync(program, arguments, cancellationToken);
            }

            if (Stopwatch.GetElapsedTime(began) > s_startTimeout)
                throw new InvalidOperationException("PostgreSQL does not start.");
            await Task.Delay(50, cancellationToken);
        }
        while (!await IsReadyAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await KillAsync(CancellationToken.None);
        _process?.Dispose();
        try
        {
            File.Delete(PasswordFile);
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // Another process of the server is still ending; the folder is temporary.
        }
    }

    private string PasswordFile => _folder + ".pgpass";

    private string Data => Path.Combine(_folder, "data");

    private async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(PasswordFile, $"*:*:*:*:{_password}\n", cancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(PasswordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var passwordFile = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(passwordFile, _password, cancellationToken);
        if (Environment.IsPrivilegedProcess)
            await RunAsync("/bin/chown", ["-R", "postgres", _folder], cancellationToken);
        var (program, arguments) = AsUser(
            "initdb", ["-D", Data, "-U", "tributary", "--pwfile", passwordFile, "--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"]);
        await RunAsync(program, arguments, cancellationToken);
    }

    // PostgreSQL does not run as root; its package brings a user for it.
    private (string Program, string[] Arguments) AsUser(string name, string[] arguments)
    {
        var program = Path.Combine(_programs, name);
        return Environment.IsPrivilegedProcess
            ? ("/usr/bin/setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
            : (program, arguments);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var process = Start(Path.Combine(_programs, "pg_isready"), ["-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-q"]);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0;
    }

    private async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}:\n{output}\n{error}");
    }

    private Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" };
        start.Environment["PGPASSFILE"] = PasswordFile;
        return Process.Start(start)!;
    }
}
