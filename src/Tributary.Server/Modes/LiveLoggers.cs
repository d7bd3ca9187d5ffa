namespace Tributary.Server.Modes;

/// <summary>The server's log, in which what the live half writes says so.</summary>
internal sealed class LiveLoggers(ILoggerFactory server) : ILoggerFactory
{
    // Behind the name, so that rules for names hold for both halves.
    public ILogger CreateLogger(string categoryName) => server.CreateLogger(categoryName + " (live)");

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The log is the server's.");

    public void Dispose()
    {
        // It is the server's.
    }
}
