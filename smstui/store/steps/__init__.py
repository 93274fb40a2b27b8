"""The steps of the schema. One that was released is never changed."""
