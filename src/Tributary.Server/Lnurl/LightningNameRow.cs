using Tributary.Payments.Lnurl;

namespace Tributary.Server.Lnurl;

/// <summary>A name as the dashboard shows it.</summary>
/// <param name="Name">The name with its terms.</param>
/// <param name="Address">As people write it.</param>
/// <param name="Lnurl">For wallets that know no addresses, and for printed codes.</param>
public sealed record LightningNameRow(LightningName Name, string Address, string Lnurl);
