namespace Tributary.Intelligence.Models;

/// <summary>Category codes as they travel in rows of floats.</summary>
public static class CategoryCode
{
    /// <summary>Codes lie below this.</summary>
    public const int Limit = 65_536;

    /// <summary>True with the code; false where the value is no code (NaN, negative, too large or with a fraction): a category never seen.</summary>
    public static bool TryRead(float value, out int code)
    {
        if (value is >= 0 and < Limit)
        {
            code = (int)value;
            return code == value;
        }

        code = 0;
        return false;
    }
}
