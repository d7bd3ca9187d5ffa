using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Tributary.Cli.Reporting;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Node.Control;

/// <summary>Serves the commands of a node's own machine: one request and one reply for each connection, a line of JSON each.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private const int Backlog = 16;
    private const int CallsMax = 256;
    private const int RequestBytesMax = 1 << 20;

    private readonly string _path;
    private readonly Func<ControlRequest, CancellationToken, Task<Result<JsonElement, Refusal>>> _handle;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _calls = new(CallsMax, CallsMax);
    private readonly Task _accepting;

    private ControlServer(string path, Socket listener, Func<ControlRequest, CancellationToken, Task<Result<JsonElement, Refusal>>> handle)
    {
        _path = path;
        _listener = listener;
        _handle = handle;
        _accepting = AcceptAsync();
    }

    /// <summary>Starts on a path. Whoever calls holds the folder's lock: a socket that is there already is a dead node's.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The server owns the socket.")]
    internal static ControlServer Start(string path, Func<ControlRequest, CancellationToken, Task<Result<JsonElement, Refusal>>> handle)
    {
        ControlSocket.CreatePrivateFolder(Path.GetDirectoryName(path)!);
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen(Backlog);
        return new ControlServer(path, listener, handle);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Calls under way still get their answers.
        for (var i = 0; i < CallsMax; i++)
            await _calls.WaitAsync();
        File.Delete(_path);
        _calls.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await _calls.WaitAsync(_stop.Token);
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                _calls.Release();
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "One call that goes wrong must not end the node; its caller is told.")]
    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            var line = await ReadLineAsync(stream, _stop.Token);
            ControlReply reply;
            try
            {
                var request = line is null ? null : JsonSerializer.Deserialize(line, ControlJson.Default.ControlRequest);
                if (request is null)
                    reply = new ControlReply(null, new ErrorDetail("request", "is no request"));
                else if ((await _handle(request, _stop.Token)).TryGet(out var result, out var refusal))
                    reply = new ControlReply(result, null);
                else
                    reply = new ControlReply(null, new ErrorDetail(refusal.Field, refusal.Reason));
            }
            catch (OperationCanceledException)
            {
                reply = new ControlReply(null, new ErrorDetail("node", "is stopping: what became of the command shows when it runs again"));
            }
            catch (Exception exception) when (exception is not (IOException or SocketException))
            {
                reply = new ControlReply(null, new ErrorDetail("node", $"failed: {exception.Message}"));
            }

            var bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(reply, ControlJson.Plain.ControlReply) + "\n");
            await stream.WriteAsync(bytes);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // The caller is gone; what it asked for goes on.
        }
        finally
        {
            _calls.Release();
        }
    }

    private static async Task<string?> ReadLineAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= RequestBytesMax)
                    return null;
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
                return null;
            var end = buffer.AsSpan(length, read).IndexOf((byte)'\n');
            if (end >= 0)
                return Encoding.UTF8.GetString(buffer, 0, length + end);
            length += read;
        }
    }
}
