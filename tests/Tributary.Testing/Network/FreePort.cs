using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Tributary.Testing.Network;

/// <summary>
/// Ports that a program of a test may listen on, now and when it is started again. They lie below those that the system gives to outgoing
/// connections (from 32768 on Linux): one of them could be somebody's between the choice and the start.
/// </summary>
public static class FreePort
{
    private const int First = 10_000;
    private const int End = 32_000;

    private static readonly ConcurrentDictionary<int, bool> s_given = new();

    /// <summary>A port of loopback that nobody listens on, and that this process has not been given before.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, End);
            if (!s_given.TryAdd(port, true))
                continue;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it: another.
            }
        }
    }
}
