using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Node.Control;

/// <summary>Asks the node that runs on a data folder.</summary>
internal static class ControlClient
{
    /// <summary>Sends a request and waits for its reply.</summary>
    internal static async Task<Result<JsonElement, Refusal>> CallAsync(string dataFolder, ControlRequest request, CancellationToken cancellationToken)
    {
        var path = ControlSocket.PathFor(dataFolder);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        }
        catch (SocketException exception)
        {
            return new Refusal("--data", exception.SocketErrorCode == SocketError.AccessDenied
                ? $"{dataFolder} belongs to another user"
                : $"no node runs on {dataFolder}: start it with 'tributary node start --data {dataFolder} …'");
        }

        await using var stream = new NetworkStream(socket);
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(request, ControlJson.Plain.ControlRequest) + "\n"), cancellationToken);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            if (await reader.ReadLineAsync(cancellationToken) is not { } line)
                return new Refusal("node", "ended before it answered: what became of the command shows when it runs again");
            var reply = JsonSerializer.Deserialize(line, ControlJson.Default.ControlReply);
            if (reply?.Error is { } error)
                return new Refusal(error.Field, error.Reason);
            return reply?.Result is { } result ? result : new Refusal("node", "gave an answer that is none: do both have the same version?");
        }
        catch (IOException exception)
        {
            return new Refusal("node", $"ended before it answered ({exception.Message}): what became of the command shows when it runs again");
        }
    }
}
