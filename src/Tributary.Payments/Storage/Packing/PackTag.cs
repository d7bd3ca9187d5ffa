namespace Tributary.Payments.Storage.Packing;

/// <summary>The first byte of a packed value. Numbers are part of the stored form and never change.</summary>
internal static class PackTag
{
    public const byte Null = 0;
    public const byte False = 1;
    public const byte True = 2;
    public const byte Object = 3;
    public const byte Array = 4;

    /// <summary>Ends an array.</summary>
    public const byte End = 5;

    /// <summary>A varint.</summary>
    public const byte Integer = 6;

    /// <summary>A varint of the complement: 0 is -1.</summary>
    public const byte Negative = 7;

    /// <summary>A number in the digits that JSON gave it.</summary>
    public const byte Number = 8;

    /// <summary>UTF-8 with its length.</summary>
    public const byte Text = 9;

    /// <summary>A text that the document has had, by its place among them.</summary>
    public const byte Again = 10;

    /// <summary>A name of underscored parts: "pi_3hG…".</summary>
    public const byte Name = 11;

    /// <summary>Lower-case hexadecimal digits as bytes.</summary>
    public const byte Hex = 12;

    /// <summary>A time in UTC as ticks since the one before it in the document.</summary>
    public const byte Time = 13;

    /// <summary>A Bech32 text: what stands before the last 1, then five bits a letter.</summary>
    public const byte Bech32 = 14;

    /// <summary>A word whose number does not fit into the tag.</summary>
    public const byte Word = 15;

    /// <summary>From here on, integers from 0.</summary>
    public const byte SmallIntegers = 32;

    /// <summary>From here on, words from 0.</summary>
    public const byte Words = 64;

    public const int SmallIntegerCount = Words - SmallIntegers;
    public const int ShortWordCount = 256 - Words;
}
