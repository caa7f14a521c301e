using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;

namespace EcoLabelRegistry.Agreements;

/// <summary>A text that parties sign: what an agreement and an amendment of it have in common.</summary>
public abstract record AgreementTextBody : Sourced
{
    /// <summary>Title by language.</summary>
    public IReadOnlyDictionary<string, string>? Title { get; init; }

    /// <summary>Code of the agreement that this one adds to.</summary>
    public string? Parent { get; init; }

    /// <summary>Day of the signature, as the source states it.</summary>
    public PartialDate? SignedOn { get; init; }

    /// <summary>Who signed, by the name at signing.</summary>
    public IReadOnlyList<Signatory>? Signatories { get; init; }

    /// <summary>Days on which it was renewed.</summary>
    public IReadOnlyList<PartialDate>? Renewals { get; init; }

    /// <summary>The last day on which a source shows it alive.</summary>
    public PartialDate? ConfirmedOn { get; init; }

    /// <summary>First day in force.</summary>
    public PartialDate? EffectiveFrom { get; init; }

    /// <summary>Last day in force.</summary>
    public PartialDate? EffectiveUntil { get; init; }

    /// <summary>The directed lines.</summary>
    public IReadOnlyList<GrantEntry>? Grants { get; init; }

    /// <summary>What parties exclude.</summary>
    public IReadOnlyList<ReservationEntry>? Reservations { get; init; }
}

/// <summary>What a text that parties sign may say.</summary>
internal abstract class AgreementTextRules<T> : SourcedRules<T>
    where T : AgreementTextBody
{
    protected AgreementTextRules()
    {
        RuleFor(a => a.Title).IsTextByLanguage();
        RuleFor(a => a.Parent).IsCode();
        RuleFor(a => a.Signatories).IsBounded();
        RuleForEach(a => a.Signatories).Required().ChildRules(s =>
        {
            s.RuleFor(x => x.Name).Required().IsText(Limits.Line);
            s.RuleFor(x => x.Scheme).IsCode();
        });
        RuleFor(a => a.Renewals).IsBounded();
        RuleFor(a => a.EffectiveUntil).IsNotBefore(a => a.EffectiveFrom, "effectiveFrom");
        RuleFor(a => a.Grants).AreDistinctBy(g => g.Id);
        RuleForEach(a => a.Grants).Required().SetValidator(new GrantRules.Grant());
        RuleFor(a => a.Reservations).IsBounded();
        RuleForEach(a => a.Reservations).Required().ChildRules(r =>
        {
            r.RuleFor(x => x.Party).Required().IsCode();
            r.RuleFor(x => x.Categories).IsListOfDistinct();
            r.RuleForEach(x => x.Categories).Required();
            r.RuleFor(x => x.Partners).IsListOfDistinct();
            r.RuleForEach(x => x.Partners).Required();
        });
    }
}

/// <summary>What a text may name: what is on record, and nobody whom it does not bind.</summary>
internal static class AgreementTextConsistency
{
    /// <summary>Refuses a text that names what is not on record, or grants between strangers.</summary>
    /// <param name="registry">The registry as it stands.</param>
    /// <param name="body">The text.</param>
    /// <param name="kind">In a unilateral agreement the recognised may be a stranger to it.</param>
    /// <param name="bound">Codes of the schemes that the text binds.</param>
    public static void Check(RegistryAt registry, AgreementTextBody body, AgreementKind? kind, IEnumerable<string> bound)
    {
        registry.Agreements.Require(Thing.Agreement, "parent", body.Parent);
        var parties = bound.ToHashSet(StringComparer.Ordinal);
        var grants = body.Grants ?? [];
        if (kind == AgreementKind.Bilateral && parties.Count > 2 && grants.Count > 0)
        {
            throw Refusal.Invalid("grants", new Message("fault.two-parties"));
        }

        for (var i = 0; i < grants.Count; i++)
        {
            var member = $"grants[{i}]";
            GrantRules.Check(registry, grants[i], member);
            if (!parties.Contains(grants[i].Recogniser!))
            {
                throw Refusal.Invalid(member + ".recogniser", new Message("fault.not-a-party", grants[i].Recogniser));
            }

            if (kind != AgreementKind.Unilateral && !parties.Contains(grants[i].Recognised!))
            {
                throw Refusal.Invalid(member + ".recognised", new Message("fault.not-a-party", grants[i].Recognised));
            }
        }

        var reservations = body.Reservations ?? [];
        for (var i = 0; i < reservations.Count; i++)
        {
            var member = $"reservations[{i}]";
            if (!parties.Contains(reservations[i].Party!))
            {
                throw Refusal.Invalid(member + ".party", new Message("fault.not-a-party", reservations[i].Party));
            }

            registry.Categories.Require(Thing.Category, member + ".categories", reservations[i].Categories);
            registry.Schemes.Require(Thing.Scheme, member + ".partners", reservations[i].Partners);
        }
    }
}
