using System.Collections.Immutable;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Uris;
using Tributary.Payments.Intents;
using Tributary.Primitives.Amounts;

namespace Tributary.Server.Checkout;

/// <summary>The ways to pay that a page offers now: all bitcoin in one BIP 321 code first, then each rail alone.</summary>
internal static class PayTabs
{
    public static ImmutableArray<PayTab> Of(PaymentFile file, BitcoinNetwork network, string label, DateTimeOffset now)
    {
        if (!file.IsOwed)
            return [];
        var tabs = ImmutableArray.CreateBuilder<PayTab>();
        var lightning = CheckoutOffers.Current(file, RailKind.Lightning, now);
        var chain = CheckoutOffers.Current(file, RailKind.OnChain, now);
        var address = chain is not null && Address.Parse(chain.Instruction!, network).TryGet(out var read, out _) ? read : null;

        // Instructions of one URI are ways to make one payment (BIP 321): offers that were priced at different moments are not.
        if (lightning is not null && address is not null && lightning.Due == Ask(chain!).ToMilliSatoshis().Value)
            tabs.Add(Tab(PayTab.Wallet, chain!, Uri(address, chain!, label) with { Lightning = [lightning.Instruction!] }));
        if (lightning is not null)
        {
            // Wallets of old know this scheme; an invoice in upper case makes a smaller code.
            var invoice = lightning.Instruction!;
            tabs.Add(new PayTab(PayTab.Lightning, lightning, "lightning:" + invoice, Draw("LIGHTNING:" + invoice.ToUpperInvariant())));
        }

        if (address is not null)
            tabs.Add(Tab(PayTab.OnChain, chain!, Uri(address, chain!, label)));
        if (file.Intent.Rails.Contains(RailKind.Card) && !file.Intent.Amount.Currency.IsBitcoin)
            tabs.Add(new PayTab(PayTab.Card, null, null, null));
        return tabs.ToImmutable();
    }

    private static BitcoinUri Uri(Address address, PaymentAttempt chain, string label) =>
        new() { Address = address, Amount = chain.Due == 0 ? null : Ask(chain), Label = label };

    private static Satoshis Ask(PaymentAttempt chain) => new MilliSatoshis(chain.Due).CeilingToSatoshis();

    private static PayTab Tab(string name, PaymentAttempt offer, BitcoinUri uri) => new(name, offer, uri.ToString(), Draw(uri.ToQrString()));

    private static QrSvg.Drawing? Draw(string text) => text.Length <= QrSvg.BytesMax ? QrSvg.Draw(text) : null;
}
