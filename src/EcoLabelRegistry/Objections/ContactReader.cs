using EcoLabelRegistry.Changes;

namespace EcoLabelRegistry.Objections;

/// <summary>Tells whether somebody may read the contact of an objection: the body whose record it is about, and the registrar.</summary>
internal sealed class ContactReader(IRegistryView view, Actor reader)
{
    private readonly Dictionary<string, bool> _judged = new(StringComparer.Ordinal);

    /// <summary>True when the contact is his to read; asked once for each record.</summary>
    public async ValueTask<bool> MayReadAsync(ObjectionEntry objection)
    {
        if (objection.Contact is null || reader == Actor.Anyone)
        {
            return false;
        }

        if (!_judged.TryGetValue(objection.About!, out var may))
        {
            _judged[objection.About!] = may = (await FindRecord.FindAsync(view, objection.About!) ?? new([])).IsOf(reader);
        }

        return may;
    }
}
