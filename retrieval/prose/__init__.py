"""The text of disclosures: passages and exact quotes, counts, reasons, terms."""
