using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Bitcoin.Wallets;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Lightning;

namespace Tributary.Server.Interop.Tests;

/// <summary>Servers that are ready when a test begins with them.</summary>
internal static class Starting
{
    /// <summary>
    /// Starts a server, and waits until its node and its wallet are open: a request that comes before waits for a few seconds alone, and a busy machine
    /// takes longer.
    /// </summary>
    internal static async Task StartReadyAsync(this WebApplication app, CancellationToken cancellationToken)
    {
        await app.StartAsync(cancellationToken);
        await app.Services.GetRequiredService<Opening<LightningBackend>>().WaitAsync(cancellationToken);
        await app.Services.GetRequiredService<Opening<Wallet>>().WaitAsync(cancellationToken);
    }
}
