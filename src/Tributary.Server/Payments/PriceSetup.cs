using Tributary.Payments.Quotes;

namespace Tributary.Server.Payments;

/// <summary>The source of prices, and the file behind it that is read again and again.</summary>
internal sealed record PriceSetup(IPriceSource Source, FilePriceSource? File);
