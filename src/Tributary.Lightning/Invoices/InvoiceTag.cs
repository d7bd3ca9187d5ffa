namespace Tributary.Lightning.Invoices;

/// <summary>The types of tagged fields, by the letters that show them.</summary>
internal static class InvoiceTag
{
    internal const byte PaymentHash = 1; // p
    internal const byte RouteHint = 3; // r
    internal const byte Features = 5; // 9
    internal const byte Expiry = 6; // x
    internal const byte Fallback = 9; // f
    internal const byte Description = 13; // d
    internal const byte PaymentSecret = 16; // s
    internal const byte Payee = 19; // n
    internal const byte DescriptionHash = 23; // h
    internal const byte MinFinalExpiryDelta = 24; // c
    internal const byte Metadata = 27; // m
}
