using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tributary.Primitives.Results;

namespace Tributary.Server.Web;

/// <summary>
/// The certificate in its files, as ACME clients write them. They are looked at again now and then, so that a renewed certificate needs no restart;
/// files that do not fit together are left alone until they do.
/// </summary>
internal sealed partial class TlsFiles
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMinutes(1);

    private readonly string _certificate;
    private readonly string _key;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private SslStreamCertificateContext _current;
    private (DateTime Certificate, DateTime Key) _written;
    private long _looked;

    private TlsFiles(string certificate, string key, SslStreamCertificateContext current, TimeProvider clock)
    {
        (_certificate, _key, _current, _clock) = (certificate, key, current, clock);
        _written = WrittenAt();
        _looked = clock.GetTimestamp();
    }

    /// <summary>Reads the files; refused where they are not there, or do not belong together.</summary>
    /// <param name="certificate">PEM: the server's certificate first, then those above it.</param>
    /// <param name="key">PEM: its key, unencrypted.</param>
    /// <param name="clock">The clock.</param>
    public static Result<TlsFiles, Refusal> Open(string certificate, string key, TimeProvider clock)
    {
        try
        {
            return new TlsFiles(certificate, key, Read(certificate, key), clock);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return new Refusal("--tls-certificate", $"'{certificate}' and '{key}' cannot be used: {exception.Message}");
        }
    }

    /// <summary>The certificate of now.</summary>
    public SslStreamCertificateContext Current(ILogger logger)
    {
        lock (_lock)
        {
            if (_clock.GetElapsedTime(_looked) < s_lookEvery)
                return _current;
            _looked = _clock.GetTimestamp();
            try
            {
                var written = WrittenAt();
                if (written == _written)
                    return _current;
                _current = Read(_certificate, _key);
                _written = written;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                LogKept(logger, exception.Message);
            }

            return _current;
        }
    }

    private (DateTime, DateTime) WrittenAt() => (File.GetLastWriteTimeUtc(_certificate), File.GetLastWriteTimeUtc(_key));

    private static SslStreamCertificateContext Read(string certificate, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificate);
        var own = X509Certificate2.CreateFromPemFile(certificate, key);
        return SslStreamCertificateContext.Create(own, chain, offline: true);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The renewed TLS certificate cannot be used, and the old one serves on: {Reason}")]
    private static partial void LogKept(ILogger logger, string reason);
}
