using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace Tributary.Rollup.Interop.Tests;

/// <summary>A command of <c>tributary rollup</c> that stays: what it prints with <c>--json</c>, line by line, until it ends or is killed.</summary>
internal sealed class LongCommand : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<JsonElement> _lines = Channel.CreateUnbounded<JsonElement>();
    private readonly Task _reading;

    internal LongCommand(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, "rollup", .. arguments, "--json"]) { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        start.Environment.Remove("TRIBUTARY_WALLET_PASSPHRASE");
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _reading = ReadAsync();
    }

    /// <summary>The exit code of a command that has ended.</summary>
    internal int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>The next line if there is one by now.</summary>
    internal bool TryRead(out JsonElement line) => _lines.Reader.TryRead(out line);

    /// <summary>It has ended and every line was read.</summary>
    internal bool IsOver => _lines.Reader.Completion.IsCompleted;

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    internal async Task KillAsync(CancellationToken cancellationToken)
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } text)
        {
            // A process that is killed while it writes leaves half a line.
            if (!text.EndsWith('}'))
                continue;
            using var document = JsonDocument.Parse(text);
            _lines.Writer.TryWrite(document.RootElement.Clone());
        }

        await _process.WaitForExitAsync();
        _lines.Writer.Complete();
    }
}
