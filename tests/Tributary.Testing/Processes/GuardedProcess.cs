using System.Diagnostics;
using System.Globalization;

namespace Tributary.Testing.Processes;

/// <summary>
/// A server that a test runs, which ends with the test run however that ends: a shell between us and the program holds our end of a pipe as its
/// input, and when the pipe ends it kills the program. Without it a killed test run would leave servers behind.
/// </summary>
public sealed class GuardedProcess : IDisposable
{
    // The first line of output is the program's process id.
    private const string Guard = """
        exec 3<&0 2>/dev/null
        program=$1; shift
        "$program" "$@" </dev/null >/dev/null 2>&1 3<&- &
        server=$!
        echo $server
        # A shell gives /dev/null to what it runs in the background unless told otherwise, hence the detour over 3.
        ( while read -r line <&3; do :; done; kill -9 $server 2>/dev/null ) &
        watcher=$!
        wait $server
        status=$?
        kill $watcher 2>/dev/null
        exit $status
        """;

    private readonly Process _shell;

    private GuardedProcess(Process shell, int processId)
    {
        _shell = shell;
        ProcessId = processId;
    }

    /// <summary>The program's own process id.</summary>
    public int ProcessId { get; }

    /// <summary>True while the program runs.</summary>
    public bool IsRunning => !_shell.HasExited;

    /// <summary>Starts a program; what it prints is dropped, so it logs to a file.</summary>
    public static async Task<GuardedProcess> StartAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Guard, "guard", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var shell = Process.Start(start)!;
        var first = await shell.StandardOutput.ReadLineAsync(cancellationToken);
        return new GuardedProcess(shell, int.Parse(first!, CultureInfo.InvariantCulture));
    }

    /// <summary>Waits for the program to end by itself.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken) => _shell.WaitForExitAsync(cancellationToken);

    /// <summary>Ends the program as a power cut does: what it had not written is gone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (_shell.HasExited)
            return;
        try
        {
            using var server = Process.GetProcessById(ProcessId);
            server.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself since the look.
        }

        await _shell.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _shell.StandardInput.Close();
        _shell.Dispose();
    }
}
