using System.Text;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>How a client proves itself to bitcoind. Never prints what it holds.</summary>
public abstract class BitcoindCredentials
{
    private BitcoindCredentials()
    {
    }

    /// <summary>The file that bitcoind writes at each start (<c>.cookie</c> in the data directory of its network).</summary>
    /// <param name="path">Where it lies.</param>
    public static BitcoindCredentials FromCookieFile(string path) => new CookieFile(path);

    /// <summary>A fixed user, as set up with <c>rpcauth</c> in bitcoin.conf.</summary>
    public static BitcoindCredentials FromPassword(string user, string password) => new Password(user, password);

    /// <summary>
    /// From the environment: <c>TRIBUTARY_BITCOIND_USER</c> and <c>TRIBUTARY_BITCOIND_PASSWORD</c>, else
    /// <c>TRIBUTARY_BITCOIND_COOKIE</c>, else null.
    /// </summary>
    /// <param name="read">Reads a variable: <see cref="Environment.GetEnvironmentVariable(string)"/> outside of tests.</param>
    public static BitcoindCredentials? FromEnvironment(Func<string, string?> read)
    {
        if (read("TRIBUTARY_BITCOIND_USER") is { Length: > 0 } user && read("TRIBUTARY_BITCOIND_PASSWORD") is { Length: > 0 } password)
            return FromPassword(user, password);
        return read("TRIBUTARY_BITCOIND_COOKIE") is { Length: > 0 } path ? FromCookieFile(path) : null;
    }

    /// <summary>User and password as the Basic scheme (RFC 7617) carries them, or null with a reason.</summary>
    internal abstract string? Read(out string problem);

    private static string Encode(string pair) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    private sealed class Password(string user, string password) : BitcoindCredentials
    {
        public override string ToString() => $"user {user}";

        internal override string? Read(out string problem)
        {
            problem = "";
            return Encode($"{user}:{password}");
        }
    }

    private sealed class CookieFile(string path) : BitcoindCredentials
    {
        /// <summary>A cookie is one short line; a larger file is another file.</summary>
        private const int BytesMax = 4096;

        public override string ToString() => $"cookie file {path}";

        internal override string? Read(out string problem)
        {
            problem = "";
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                var buffer = new byte[BytesMax + 1];
                var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                var cookie = Encoding.UTF8.GetString(buffer, 0, length).Trim();
                if (length <= BytesMax && cookie.Contains(':', StringComparison.Ordinal))
                    return Encode(cookie);
                problem = $"{path} is no cookie file of bitcoind.";
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                problem = $"The cookie file {path} does not exist: bitcoind is not running, or its data directory is another one.";
            }
            catch (UnauthorizedAccessException)
            {
                problem = $"The cookie file {path} may not be read by this user: allow it with -rpccookieperms, or use rpcauth.";
            }
            catch (IOException exception)
            {
                problem = $"The cookie file {path} can't be read: {exception.Message}";
            }

            return null;
        }
    }
}
